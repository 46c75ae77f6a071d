// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ConcentratedPool} from "ConcentratedPool.sol";
import {IPayer} from "interfaces/IPayer.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";
import {TickMath} from "libraries/TickMath.sol";

/// @title Liquidity and swaps in concentrated pools, for who has approved their tokens to it.
contract ConcentratedRouter is IPayer {
    /// The pool that may ask for money now, and from whom it is.
    address transient pool;
    address transient payer;

    error TooLittle(uint256 amount, uint256 least);
    error NotAsked(address caller);

    function mint(ConcentratedPool target, int24 lower, int24 upper, uint128 amount)
        external
        returns (uint256, uint256)
    {
        (pool, payer) = (address(target), msg.sender);
        (uint256 amount0, uint256 amount1) = target.mint(msg.sender, lower, upper, amount, "");
        pool = address(0);
        return (amount0, amount1);
    }

    /// @notice Sells exactly `amountIn`, whatever the price becomes, for at least `leastOut`.
    function swapExactIn(ConcentratedPool target, bool sellToken0, uint256 amountIn, uint256 leastOut)
        external
        returns (uint256 amountOut)
    {
        (pool, payer) = (address(target), msg.sender);
        uint160 limit = sellToken0 ? TickMath.MIN_SQRT_PRICE + 1 : TickMath.MAX_SQRT_PRICE - 1;
        (, amountOut) = target.swap(msg.sender, sellToken0, amountIn, limit, "");
        pool = address(0);
        if (amountOut < leastOut) revert TooLittle(amountOut, leastOut);
    }

    function pay(uint256 amount0, uint256 amount1, bytes calldata) external {
        if (msg.sender != pool) revert NotAsked(msg.sender);
        if (amount0 != 0) SafeTransfer.pull(ConcentratedPool(msg.sender).token0(), payer, msg.sender, amount0);
        if (amount1 != 0) SafeTransfer.pull(ConcentratedPool(msg.sender).token1(), payer, msg.sender, amount1);
    }
}
