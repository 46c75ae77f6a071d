// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Prices that a feeder reports, in a common unit with 18 decimals.
contract PriceOracle {
    address public immutable feeder;
    mapping(address token => uint256) public price;

    event Reported(address indexed token, uint256 price);

    error NotFeeder(address caller);
    error NoPrice(address token);

    constructor(address feeder_) {
        feeder = feeder_;
    }

    function report(address token, uint256 newPrice) external {
        if (msg.sender != feeder) revert NotFeeder(msg.sender);
        if (newPrice == 0) revert NoPrice(token);
        price[token] = newPrice;
        emit Reported(token, newPrice);
    }
}
