// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Code to delegate to (EIP-7702): counts in the account that delegates, by a step of its own.
contract Stepper {
    uint256 public immutable step;
    uint256 public count;

    constructor(uint256 step_) {
        step = step_;
    }

    function advance() external {
        count += step;
    }
}
