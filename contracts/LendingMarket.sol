// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "interfaces/IERC20.sol";
import {FullMath} from "libraries/FullMath.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";
import {PriceOracle} from "PriceOracle.sol";

/// @title Supplies of several tokens, and loans of them against each other.
/// @dev What an account has supplied and owes is kept in shares; an index a token, which grows with the interest, says
/// what a share is worth. Indices and rates have 27 decimals, prices 18, factors are in ten-thousandths.
contract LendingMarket {
    struct Reserve {
        address token;
        uint16 collateralFactor; // of its value, what may be borrowed against it
        uint16 bonus; // what a liquidator gets more than it paid
        uint40 lastAccrual;
        uint128 supplyIndex;
        uint128 debtIndex;
        uint256 supplyShares; // of all accounts together
        uint256 debtShares;
        uint256 cash; // tokens here
    }

    uint256 private constant RAY = 1e27;
    uint256 private constant YEAR = 365 days;
    uint256 private constant BASIS = 10_000;
    /// Interest a year: this much at rest, then rising to and beyond the kink in utilisation.
    uint256 private constant RATE_AT_REST = RAY / 50;
    uint256 private constant RATE_TO_KINK = RAY / 25;
    uint256 private constant RATE_BEYOND = RAY * 3 / 4;
    uint256 private constant KINK = RAY * 4 / 5;
    /// Of the interest, what stays with the market.
    uint256 private constant RESERVE_FACTOR = 1_000;
    /// Of a debt, what one liquidation may pay.
    uint256 private constant CLOSE_FACTOR = 5_000;

    PriceOracle public immutable oracle;
    address public immutable owner;
    mapping(address account => mapping(uint256 reserve => uint256)) public supplySharesOf;
    mapping(address account => mapping(uint256 reserve => uint256)) public debtSharesOf;
    Reserve[] public reserves;

    event Supplied(address indexed account, uint256 indexed reserve, uint256 amount);
    event Withdrawn(address indexed account, uint256 indexed reserve, uint256 amount);
    event Borrowed(address indexed account, uint256 indexed reserve, uint256 amount);
    event Repaid(address indexed payer, address indexed account, uint256 indexed reserve, uint256 amount);
    event Liquidated(
        address indexed liquidator,
        address indexed account,
        uint256 debtReserve,
        uint256 collateralReserve,
        uint256 paid,
        uint256 seized
    );

    error NotOwner(address caller);
    error NotCovered(address account);
    error NotEnough(uint256 amount, uint256 there);

    constructor(PriceOracle oracle_) {
        oracle = oracle_;
        owner = msg.sender;
    }

    function addReserve(address token, uint16 collateralFactor, uint16 bonus) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        reserves.push(
            Reserve(token, collateralFactor, bonus, uint40(block.timestamp), uint128(RAY), uint128(RAY), 0, 0, 0)
        );
    }

    function supply(uint256 id, uint256 amount) external {
        Reserve storage reserve = _accrue(id);
        SafeTransfer.pull(reserve.token, msg.sender, address(this), amount);
        uint256 shares = FullMath.mulDiv(amount, RAY, reserve.supplyIndex);
        supplySharesOf[msg.sender][id] += shares;
        reserve.supplyShares += shares;
        reserve.cash += amount;
        emit Supplied(msg.sender, id, amount);
    }

    function withdraw(uint256 id, uint256 amount) external {
        Reserve storage reserve = _accrue(id);
        uint256 shares = FullMath.mulDivUp(amount, RAY, reserve.supplyIndex);
        uint256 held = supplySharesOf[msg.sender][id];
        if (shares > held) revert NotEnough(shares, held);
        if (amount > reserve.cash) revert NotEnough(amount, reserve.cash);
        supplySharesOf[msg.sender][id] = held - shares;
        reserve.supplyShares -= shares;
        reserve.cash -= amount;
        if (!isCovered(msg.sender)) revert NotCovered(msg.sender);
        SafeTransfer.send(reserve.token, msg.sender, amount);
        emit Withdrawn(msg.sender, id, amount);
    }

    function borrow(uint256 id, uint256 amount) external {
        Reserve storage reserve = _accrue(id);
        if (amount > reserve.cash) revert NotEnough(amount, reserve.cash);
        uint256 shares = FullMath.mulDivUp(amount, RAY, reserve.debtIndex);
        debtSharesOf[msg.sender][id] += shares;
        reserve.debtShares += shares;
        reserve.cash -= amount;
        if (!isCovered(msg.sender)) revert NotCovered(msg.sender);
        SafeTransfer.send(reserve.token, msg.sender, amount);
        emit Borrowed(msg.sender, id, amount);
    }

    /// @notice Pays back `amount`, or the whole debt if that is less. Returns what was paid.
    function repay(uint256 id, uint256 amount) external returns (uint256) {
        return _repay(_accrue(id), id, msg.sender, amount);
    }

    /// @notice Pays a part of another's debt and takes collateral for it, if that debt is not covered any more; does
    /// nothing if it is. Returns the collateral taken.
    function liquidate(address account, uint256 debtId, uint256 collateralId, uint256 amount)
        external
        returns (uint256 seized)
    {
        Reserve storage debtReserve = _accrue(debtId);
        Reserve storage collateral = _accrue(collateralId);
        if (isCovered(account)) return 0;
        uint256 most = _debt(debtReserve, account, debtId) * CLOSE_FACTOR / BASIS;
        if (amount > most) amount = most;
        // No more than what the collateral pays for.
        uint256 held = FullMath.mulDiv(supplySharesOf[account][collateralId], collateral.supplyIndex, RAY);
        uint256 unit = FullMath.mulDiv(
            oracle.price(debtReserve.token) * (BASIS + collateral.bonus), 1e18, oracle.price(collateral.token) * BASIS
        );
        seized = FullMath.mulDiv(amount, unit, 1e18);
        if (seized > held) {
            seized = held;
            amount = FullMath.mulDiv(seized, 1e18, unit);
        }
        uint256 paid = _repay(debtReserve, debtId, account, amount);
        uint256 shares = FullMath.mulDiv(seized, RAY, collateral.supplyIndex);
        supplySharesOf[account][collateralId] -= shares;
        supplySharesOf[msg.sender][collateralId] += shares;
        emit Liquidated(msg.sender, account, debtId, collateralId, paid, seized);
    }

    /// @notice Whether what the account has supplied covers what it owes.
    function isCovered(address account) public view returns (bool) {
        uint256 debts;
        uint256 limit;
        for (uint256 id = 0; id < reserves.length; ++id) {
            Reserve storage reserve = reserves[id];
            uint256 supplied = supplySharesOf[account][id];
            uint256 owed = debtSharesOf[account][id];
            if (supplied == 0 && owed == 0) continue;
            uint256 price = oracle.price(reserve.token);
            limit += FullMath.mulDiv(supplied, reserve.supplyIndex, RAY) * price / 1e18 * reserve.collateralFactor / BASIS;
            debts += FullMath.mulDivUp(owed, reserve.debtIndex, RAY) * price / 1e18;
        }
        return debts <= limit;
    }

    /// @notice What all suppliers together may claim, and what is there for it: tokens and debts.
    function balanceSheet(uint256 id) external view returns (uint256 claims, uint256 assets) {
        Reserve storage reserve = reserves[id];
        claims = FullMath.mulDiv(reserve.supplyShares, reserve.supplyIndex, RAY);
        assets = reserve.cash + FullMath.mulDivUp(reserve.debtShares, reserve.debtIndex, RAY);
    }

    /// @notice Interest a year at a utilisation.
    function rateAt(uint256 utilisation) public pure returns (uint256) {
        if (utilisation <= KINK) return RATE_AT_REST + RATE_TO_KINK * utilisation / KINK;
        return RATE_AT_REST + RATE_TO_KINK + RATE_BEYOND * (utilisation - KINK) / (RAY - KINK);
    }

    function _repay(Reserve storage reserve, uint256 id, address account, uint256 amount) private returns (uint256) {
        uint256 owedShares = debtSharesOf[account][id];
        uint256 owed = FullMath.mulDivUp(owedShares, reserve.debtIndex, RAY);
        if (owed == 0) return 0;
        uint256 shares = owedShares;
        if (amount < owed) shares = FullMath.mulDiv(amount, RAY, reserve.debtIndex);
        else amount = owed;
        SafeTransfer.pull(reserve.token, msg.sender, address(this), amount);
        debtSharesOf[account][id] = owedShares - shares;
        reserve.debtShares -= shares;
        reserve.cash += amount;
        emit Repaid(msg.sender, account, id, amount);
        return amount;
    }

    function _debt(Reserve storage reserve, address account, uint256 id) private view returns (uint256) {
        return FullMath.mulDivUp(debtSharesOf[account][id], reserve.debtIndex, RAY);
    }

    /// @dev Brings a reserve's indices up to now.
    function _accrue(uint256 id) private returns (Reserve storage reserve) {
        reserve = reserves[id];
        uint256 elapsed = block.timestamp - reserve.lastAccrual;
        if (elapsed == 0) return reserve;
        reserve.lastAccrual = uint40(block.timestamp);
        uint256 debts = FullMath.mulDiv(reserve.debtShares, reserve.debtIndex, RAY);
        if (debts == 0) return reserve;
        uint256 rate = rateAt(FullMath.mulDiv(debts, RAY, debts + reserve.cash));
        uint256 interest = FullMath.mulDiv(debts, rate * elapsed / YEAR, RAY);
        reserve.debtIndex += uint128(FullMath.mulDiv(reserve.debtIndex, rate * elapsed / YEAR, RAY));
        uint256 claims = FullMath.mulDiv(reserve.supplyShares, reserve.supplyIndex, RAY);
        if (claims != 0) {
            uint256 earned = interest * (BASIS - RESERVE_FACTOR) / BASIS;
            reserve.supplyIndex += uint128(FullMath.mulDiv(reserve.supplyIndex, earned, claims));
        }
    }
}
