// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "interfaces/IERC20.sol";
import {FullMath} from "libraries/FullMath.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";

/// @title A pool of two tokens whose product of reserves never falls; 0.3 % of what comes in stays with the owners.
/// @dev What is to be traded or deposited is sent to the pair first; the pair compares its balances with its reserves.
/// The tokens are in storage, not in code, so that a pair can be copied for other tokens: slot 0 and slot 1.
contract Pair {
    address public token0;
    address public token1;
    uint112 public reserve0;
    uint112 public reserve1;
    uint32 public lastUpdate;
    /// @notice Price of one token in the other as UQ112.112, added up over seconds.
    uint256 public price0Cumulative;
    uint256 public price1Cumulative;
    uint256 public totalShares;
    mapping(address owner => uint256) public shares;
    bool transient locked;

    event Deposited(address indexed owner, uint256 amount0, uint256 amount1, uint256 shares);
    event Withdrawn(address indexed owner, uint256 amount0, uint256 amount1, uint256 shares);
    event Swapped(
        address indexed caller,
        uint256 amount0In,
        uint256 amount1In,
        uint256 amount0Out,
        uint256 amount1Out,
        address indexed to
    );

    error Locked();
    error NothingToDo();
    error ReserveTooSmall();
    error ReserveTooLarge();
    error ProductFell();

    /// Shares that nobody owns, so that the price of a share cannot be driven up by the first owner.
    uint256 private constant BURNT_SHARES = 1000;

    modifier lock() {
        if (locked) revert Locked();
        locked = true;
        _;
        locked = false;
    }

    constructor(address token0_, address token1_) {
        token0 = token0_;
        token1 = token1_;
    }

    /// @notice Turns what was sent here into shares for `owner`.
    function deposit(address owner) external lock returns (uint256 minted) {
        (uint256 before0, uint256 before1) = (reserve0, reserve1);
        (uint256 balance0, uint256 balance1) = _balances();
        uint256 amount0 = balance0 - before0;
        uint256 amount1 = balance1 - before1;
        if (totalShares == 0) {
            minted = FullMath.sqrt(amount0 * amount1) - BURNT_SHARES;
            totalShares = BURNT_SHARES;
        } else {
            uint256 by0 = amount0 * totalShares / before0;
            uint256 by1 = amount1 * totalShares / before1;
            minted = by0 < by1 ? by0 : by1;
        }
        if (minted == 0) revert NothingToDo();
        totalShares += minted;
        shares[owner] += minted;
        _update(before0, before1, balance0, balance1);
        emit Deposited(owner, amount0, amount1, minted);
    }

    /// @notice Gives the caller's part of both reserves to `to`.
    function withdraw(uint256 burnt, address to) external lock returns (uint256 amount0, uint256 amount1) {
        (uint256 before0, uint256 before1) = (reserve0, reserve1);
        amount0 = burnt * before0 / totalShares;
        amount1 = burnt * before1 / totalShares;
        if (amount0 == 0 || amount1 == 0) revert NothingToDo();
        shares[msg.sender] -= burnt;
        totalShares -= burnt;
        SafeTransfer.send(token0, to, amount0);
        SafeTransfer.send(token1, to, amount1);
        (uint256 balance0, uint256 balance1) = _balances();
        _update(before0, before1, balance0, balance1);
        emit Withdrawn(msg.sender, amount0, amount1, burnt);
    }

    /// @notice Gives out tokens for what was sent here before.
    function swap(uint256 amount0Out, uint256 amount1Out, address to) external lock {
        (uint256 before0, uint256 before1) = (reserve0, reserve1);
        if (amount0Out == 0 && amount1Out == 0) revert NothingToDo();
        if (amount0Out >= before0 || amount1Out >= before1) revert ReserveTooSmall();
        if (amount0Out != 0) SafeTransfer.send(token0, to, amount0Out);
        if (amount1Out != 0) SafeTransfer.send(token1, to, amount1Out);
        (uint256 balance0, uint256 balance1) = _balances();
        uint256 amount0In = balance0 + amount0Out - before0;
        uint256 amount1In = balance1 + amount1Out - before1;
        if (amount0In == 0 && amount1In == 0) revert NothingToDo();
        uint256 net0 = balance0 * 1000 - amount0In * 3;
        uint256 net1 = balance1 * 1000 - amount1In * 3;
        if (net0 * net1 < before0 * before1 * 1_000_000) revert ProductFell();
        _update(before0, before1, balance0, balance1);
        emit Swapped(msg.sender, amount0In, amount1In, amount0Out, amount1Out, to);
    }

    function reserves() external view returns (uint112, uint112) {
        return (reserve0, reserve1);
    }

    function _balances() private view returns (uint256, uint256) {
        return (IERC20(token0).balanceOf(address(this)), IERC20(token1).balanceOf(address(this)));
    }

    function _update(uint256 before0, uint256 before1, uint256 balance0, uint256 balance1) private {
        if (balance0 > type(uint112).max || balance1 > type(uint112).max) revert ReserveTooLarge();
        uint32 time = uint32(block.timestamp);
        unchecked {
            // Seconds and sums may wrap: only differences are of use.
            uint32 elapsed = time - lastUpdate;
            if (elapsed != 0 && before0 != 0 && before1 != 0) {
                price0Cumulative += ((before1 << 112) / before0) * elapsed;
                price1Cumulative += ((before0 << 112) / before1) * elapsed;
            }
        }
        reserve0 = uint112(balance0);
        reserve1 = uint112(balance1);
        lastUpdate = time;
    }
}
