// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Pair} from "Pair.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";

/// @title Deposits and swaps, over any number of pairs, for who has approved their tokens to it.
contract Router {
    error TooLittle(uint256 amount, uint256 least);
    error NotInPair(address pair, address token);

    function deposit(address pair, uint256 amount0, uint256 amount1) external returns (uint256) {
        SafeTransfer.pull(Pair(pair).token0(), msg.sender, pair, amount0);
        SafeTransfer.pull(Pair(pair).token1(), msg.sender, pair, amount1);
        return Pair(pair).deposit(msg.sender);
    }

    /// @notice Sells `amountIn` of `tokenIn` through `pairs`, one after the other; each sends to the next.
    function swapExactIn(address tokenIn, uint256 amountIn, uint256 leastOut, address[] calldata pairs)
        external
        returns (uint256 amount)
    {
        SafeTransfer.pull(tokenIn, msg.sender, pairs[0], amountIn);
        amount = amountIn;
        for (uint256 i = 0; i < pairs.length; ++i) {
            address to = i + 1 == pairs.length ? msg.sender : pairs[i + 1];
            (tokenIn, amount) = _swap(Pair(pairs[i]), tokenIn, amount, to);
        }
        if (amount < leastOut) revert TooLittle(amount, leastOut);
    }

    function amountOut(uint256 amountIn, uint256 reserveIn, uint256 reserveOut) public pure returns (uint256) {
        uint256 net = amountIn * 997;
        return net * reserveOut / (reserveIn * 1000 + net);
    }

    function _swap(Pair pair, address tokenIn, uint256 amountIn, address to)
        private
        returns (address tokenOut, uint256 out)
    {
        (uint112 reserve0, uint112 reserve1) = pair.reserves();
        address token0 = pair.token0();
        if (tokenIn == token0) {
            tokenOut = pair.token1();
            out = amountOut(amountIn, reserve0, reserve1);
            pair.swap(0, out, to);
        } else {
            if (tokenIn != pair.token1()) revert NotInPair(address(pair), tokenIn);
            tokenOut = token0;
            out = amountOut(amountIn, reserve1, reserve0);
            pair.swap(out, 0, to);
        }
    }
}
