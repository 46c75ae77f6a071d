// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Who is asked by a pool to pay, in the middle of what it asked the pool for.
interface IPayer {
    /// @notice Pays these amounts of the pool's tokens to the caller. `data` is what the pool was given.
    function pay(uint256 amount0, uint256 amount1, bytes calldata data) external;
}
