// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "interfaces/IERC20.sol";
import {FullMath} from "libraries/FullMath.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";
import {Pair} from "Pair.sol";

/// @title Trades of one who watches others' trades: around a victim's, and between pairs whose prices differ.
/// @dev Holds the tokens that it trades with. Decides amounts from the reserves that it finds.
contract Searcher {
    address public immutable owner;

    error NotOwner(address caller);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice Buys ahead of somebody who is about to buy the same.
    function frontrun(Pair pair, bool sellToken0, uint256 amountIn) external onlyOwner {
        _swap(pair, sellToken0, amountIn, address(this));
    }

    /// @notice Sells again all but one unit of what it had bought: the slot stays warm for the next time.
    function backrun(Pair pair, bool sellToken0) external onlyOwner {
        address token = sellToken0 ? pair.token0() : pair.token1();
        uint256 held = IERC20(token).balanceOf(address(this));
        if (held > 1) _swap(pair, sellToken0, held - 1, address(this));
    }

    /// @notice Buys token 1 where it is cheaper and sells it where it is dearer, by the amount that wins most; does
    /// nothing where nothing is to be won. Requires: both pairs have the same tokens in the same order.
    function arbitrage(Pair a, Pair b) external onlyOwner returns (uint256 won) {
        (uint256 a0, uint256 a1) = a.reserves();
        (uint256 b0, uint256 b1) = b.reserves();
        if (a1 * b0 < b1 * a0) {
            (a, b) = (b, a);
            (a0, a1, b0, b1) = (b0, b1, a0, a1);
        }
        // The two pairs in a row are one: what it holds of token 0 on its way in and on its way out.
        uint256 denominator = 1000 * b1 + 997 * a1;
        uint256 virtualIn = FullMath.mulDiv(1000 * a0, b1, denominator);
        uint256 virtualOut = FullMath.mulDiv(997 * a1, b0, denominator);
        if (virtualOut * 997 <= virtualIn * 1000) return 0;
        // Where the derivative of the gain is zero.
        uint256 best = (FullMath.sqrt(virtualIn * virtualOut * 997 / 1000) - virtualIn) * 1000 / 997;
        if (best == 0) return 0;
        uint256 bought = _swap(a, true, best, address(b));
        uint256 returned = _out(bought, b1, b0);
        b.swap(returned, 0, address(this));
        return returned > best ? returned - best : 0;
    }

    function _swap(Pair pair, bool sellToken0, uint256 amountIn, address to) private returns (uint256 out) {
        (uint256 reserve0, uint256 reserve1) = pair.reserves();
        if (sellToken0) {
            SafeTransfer.send(pair.token0(), address(pair), amountIn);
            out = _out(amountIn, reserve0, reserve1);
            pair.swap(0, out, to);
        } else {
            SafeTransfer.send(pair.token1(), address(pair), amountIn);
            out = _out(amountIn, reserve1, reserve0);
            pair.swap(out, 0, to);
        }
    }

    function _out(uint256 amountIn, uint256 reserveIn, uint256 reserveOut) private pure returns (uint256) {
        uint256 net = amountIn * 997;
        return net * reserveOut / (reserveIn * 1000 + net);
    }
}
