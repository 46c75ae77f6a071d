// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {FullMath} from "libraries/FullMath.sol";

/// @title Amounts and prices within a range of constant liquidity.
/// @dev Prices are square roots with 96 fractional bits. What the pool gets is rounded up, what it gives down.
library SwapMath {
    uint256 private constant MILLION = 1_000_000;

    /// @notice Token 0 between two prices: liquidity / low - liquidity / high.
    function amount0(uint160 a, uint160 b, uint128 liquidity, bool roundUp) internal pure returns (uint256) {
        (uint160 low, uint160 high) = a < b ? (a, b) : (b, a);
        uint256 scaled = uint256(liquidity) << 96;
        return roundUp
            ? FullMath.divUp(FullMath.mulDivUp(scaled, high - low, high), low)
            : FullMath.mulDiv(scaled, high - low, high) / low;
    }

    /// @notice Token 1 between two prices: liquidity * (high - low).
    function amount1(uint160 a, uint160 b, uint128 liquidity, bool roundUp) internal pure returns (uint256) {
        uint256 width = a < b ? b - a : a - b;
        return roundUp
            ? FullMath.mulDivUp(liquidity, width, 1 << 96)
            : FullMath.mulDiv(liquidity, width, 1 << 96);
    }

    /// @notice The price after `amount` came in, which moves it down for token 0 and up for token 1; rounded against
    /// the trader.
    function priceAfter(uint160 price, uint128 liquidity, uint256 amount, bool isToken0)
        internal
        pure
        returns (uint160)
    {
        if (!isToken0) return uint160(price + FullMath.mulDiv(amount, 1 << 96, liquidity));
        uint256 scaled = uint256(liquidity) << 96;
        unchecked {
            uint256 product = amount * price;
            if (product / price == amount && scaled + product >= scaled)
                return uint160(FullMath.mulDivUp(scaled, price, scaled + product));
        }
        return uint160(FullMath.divUp(scaled, scaled / price + amount));
    }

    /// @notice One step towards `target`, which is reached if `amountLeft` suffices.
    /// @param fee In millionths of what comes in.
    function step(uint160 price, uint160 target, uint128 liquidity, uint256 amountLeft, uint256 fee)
        internal
        pure
        returns (uint160 next, uint256 amountIn, uint256 amountOut, uint256 feeAmount)
    {
        bool sellsToken0 = price >= target;
        uint256 net = FullMath.mulDiv(amountLeft, MILLION - fee, MILLION);
        amountIn = sellsToken0 ? amount0(target, price, liquidity, true) : amount1(price, target, liquidity, true);
        if (net >= amountIn) {
            next = target;
            feeAmount = FullMath.mulDivUp(amountIn, fee, MILLION - fee);
        } else {
            next = priceAfter(price, liquidity, net, sellsToken0);
            amountIn = sellsToken0 ? amount0(next, price, liquidity, true) : amount1(price, next, liquidity, true);
            feeAmount = amountLeft - amountIn; // all that does not move the price
        }
        amountOut = sellsToken0 ? amount1(next, price, liquidity, false) : amount0(price, next, liquidity, false);
    }
}
