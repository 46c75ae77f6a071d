// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "interfaces/IERC20.sol";
import {IPayer} from "interfaces/IPayer.sol";
import {BitMath} from "libraries/BitMath.sol";
import {FullMath} from "libraries/FullMath.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";
import {SwapMath} from "libraries/SwapMath.sol";
import {TickMath} from "libraries/TickMath.sol";

/// @title A pool of two tokens whose owners each choose the range of prices in which theirs are for sale.
/// @dev The tokens are in storage, not in code, so that a pool can be copied for other tokens: slot 0 and slot 1.
contract ConcentratedPool {
    struct Tick {
        uint128 liquidityGross; // of all positions that end or begin here
        int128 liquidityNet; // what becomes active when the price rises over it
        uint256 feeGrowthOutside0; // of the side that the price is not on
        uint256 feeGrowthOutside1;
    }

    struct Position {
        uint128 liquidity;
        uint256 feeGrowthInside0; // when it was last settled
        uint256 feeGrowthInside1;
        uint256 owed0; // to be collected
        uint256 owed1;
    }

    /// What a swap carries from step to step.
    struct Swap {
        uint160 sqrtPrice;
        int24 tick;
        uint128 liquidity;
        uint256 amountLeft;
        uint256 amountOut;
        uint256 feeGrowth;
    }

    address public token0;
    address public token1;
    uint160 public sqrtPrice;
    int24 public tick;
    uint128 public liquidity;
    /// @notice Fees a unit of liquidity, with 128 fractional bits; they may wrap, only differences are of use.
    uint256 public feeGrowth0;
    uint256 public feeGrowth1;
    mapping(int24 tick => Tick) public ticks;
    mapping(int16 word => uint256) public tickBitmap;
    mapping(bytes32 key => Position) public positions;
    bool transient locked;

    /// @notice Millionths of what comes in.
    uint24 public constant FEE = 3000;
    int24 public constant TICK_SPACING = 60;

    event Minted(address indexed owner, int24 indexed lower, int24 indexed upper, uint128 liquidity);
    event Burnt(address indexed owner, int24 indexed lower, int24 indexed upper, uint128 liquidity);
    event Collected(address indexed owner, address to, uint256 amount0, uint256 amount1);
    event Swapped(
        address indexed caller,
        address indexed to,
        int256 amount0,
        int256 amount1,
        uint160 sqrtPrice,
        uint128 liquidity,
        int24 tick
    );

    error Locked();
    error WrongTicks(int24 lower, int24 upper);
    error NothingToDo();
    error NotPaid();
    error WrongLimit(uint160 limit);

    modifier lock() {
        if (locked) revert Locked();
        locked = true;
        _;
        locked = false;
    }

    constructor(address token0_, address token1_, uint160 sqrtPrice_) {
        token0 = token0_;
        token1 = token1_;
        sqrtPrice = sqrtPrice_;
        tick = TickMath.tickAt(sqrtPrice_);
    }

    // --- positions ---------------------------------------------------------------------------------------------------

    /// @notice Adds liquidity between two ticks for `owner`; the caller pays when it is asked.
    function mint(address owner, int24 lower, int24 upper, uint128 amount, bytes calldata data)
        external
        lock
        returns (uint256 amount0, uint256 amount1)
    {
        if (amount == 0) revert NothingToDo();
        _change(owner, lower, upper, int128(amount));
        (amount0, amount1) = _amounts(lower, upper, amount, true);
        _ask(amount0, amount1, data);
        emit Minted(owner, lower, upper, amount);
    }

    /// @notice Takes liquidity out of the caller's position; what it held is owed from then on. Zero settles the fees.
    function burn(int24 lower, int24 upper, uint128 amount) external lock returns (uint256 amount0, uint256 amount1) {
        Position storage position = _change(msg.sender, lower, upper, -int128(amount));
        (amount0, amount1) = _amounts(lower, upper, amount, false);
        position.owed0 += amount0;
        position.owed1 += amount1;
        emit Burnt(msg.sender, lower, upper, amount);
    }

    /// @notice Pays out all that is owed to the caller's position.
    function collect(address to, int24 lower, int24 upper) external lock returns (uint256 amount0, uint256 amount1) {
        Position storage position = positions[positionKey(msg.sender, lower, upper)];
        (amount0, amount1) = (position.owed0, position.owed1);
        (position.owed0, position.owed1) = (0, 0);
        if (amount0 != 0) SafeTransfer.send(token0, to, amount0);
        if (amount1 != 0) SafeTransfer.send(token1, to, amount1);
        emit Collected(msg.sender, to, amount0, amount1);
    }

    function positionKey(address owner, int24 lower, int24 upper) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, lower, upper));
    }

    // --- swaps -------------------------------------------------------------------------------------------------------

    /// @notice Sells up to `amountIn` of one token, until the price reaches `limit`; the caller pays when it is asked,
    /// after `to` got the other token.
    function swap(address to, bool sellToken0, uint256 amountIn, uint160 limit, bytes calldata data)
        external
        lock
        returns (uint256 amountPaid, uint256 amountOut)
    {
        if (amountIn == 0) revert NothingToDo();
        if (sellToken0 ? limit >= sqrtPrice || limit <= TickMath.MIN_SQRT_PRICE
            : limit <= sqrtPrice || limit >= TickMath.MAX_SQRT_PRICE) revert WrongLimit(limit);

        Swap memory state =
            Swap(sqrtPrice, tick, liquidity, amountIn, 0, sellToken0 ? feeGrowth0 : feeGrowth1);
        while (state.amountLeft != 0 && state.sqrtPrice != limit) _step(state, sellToken0, limit);

        (sqrtPrice, tick) = (state.sqrtPrice, state.tick);
        if (liquidity != state.liquidity) liquidity = state.liquidity;
        amountPaid = amountIn - state.amountLeft;
        amountOut = state.amountOut;
        if (sellToken0) {
            feeGrowth0 = state.feeGrowth;
            if (amountOut != 0) SafeTransfer.send(token1, to, amountOut);
            _ask(amountPaid, 0, data);
            emit Swapped(msg.sender, to, int256(amountPaid), -int256(amountOut), sqrtPrice, liquidity, tick);
        } else {
            feeGrowth1 = state.feeGrowth;
            if (amountOut != 0) SafeTransfer.send(token0, to, amountOut);
            _ask(0, amountPaid, data);
            emit Swapped(msg.sender, to, -int256(amountOut), int256(amountPaid), sqrtPrice, liquidity, tick);
        }
    }

    /// @dev As far as the next tick that positions end at, or the end of a word of the bitmap.
    function _step(Swap memory state, bool sellToken0, uint160 limit) private {
        (int24 next, bool isInitialized) = _nextTick(state.tick, sellToken0);
        if (next < TickMath.MIN_TICK) next = TickMath.MIN_TICK;
        if (next > TickMath.MAX_TICK) next = TickMath.MAX_TICK;
        uint160 nextPrice = TickMath.sqrtPriceAt(next);
        uint160 before = state.sqrtPrice;
        {
            uint160 target = (sellToken0 ? nextPrice < limit : nextPrice > limit) ? limit : nextPrice;
            (uint160 price, uint256 amountIn, uint256 amountOut, uint256 fee) =
                SwapMath.step(before, target, state.liquidity, state.amountLeft, FEE);
            state.sqrtPrice = price;
            state.amountLeft -= amountIn + fee;
            state.amountOut += amountOut;
            if (state.liquidity != 0) {
                unchecked {
                    state.feeGrowth += FullMath.mulDiv(fee, 1 << 128, state.liquidity);
                }
            }
        }
        if (state.sqrtPrice == nextPrice) {
            if (isInitialized) {
                int128 net = _cross(next, state.feeGrowth, sellToken0);
                state.liquidity = uint128(int128(state.liquidity) + (sellToken0 ? -net : net));
            }
            // On its way down the price is below a tick as soon as it reaches it.
            state.tick = sellToken0 ? next - 1 : next;
        } else if (state.sqrtPrice != before) {
            state.tick = TickMath.tickAt(state.sqrtPrice);
        }
    }

    /// @dev The price goes over a tick: what was outside is now inside.
    function _cross(int24 at, uint256 feeGrowth, bool sellToken0) private returns (int128) {
        Tick storage crossed = ticks[at];
        unchecked {
            crossed.feeGrowthOutside0 = (sellToken0 ? feeGrowth : feeGrowth0) - crossed.feeGrowthOutside0;
            crossed.feeGrowthOutside1 = (sellToken0 ? feeGrowth1 : feeGrowth) - crossed.feeGrowthOutside1;
        }
        return crossed.liquidityNet;
    }

    /// @dev Sends nothing itself: asks the caller, and looks whether it did.
    function _ask(uint256 amount0, uint256 amount1, bytes calldata data) private {
        uint256 before0 = amount0 == 0 ? 0 : IERC20(token0).balanceOf(address(this));
        uint256 before1 = amount1 == 0 ? 0 : IERC20(token1).balanceOf(address(this));
        IPayer(msg.sender).pay(amount0, amount1, data);
        if (amount0 != 0 && IERC20(token0).balanceOf(address(this)) < before0 + amount0) revert NotPaid();
        if (amount1 != 0 && IERC20(token1).balanceOf(address(this)) < before1 + amount1) revert NotPaid();
    }

    // --- ticks -------------------------------------------------------------------------------------------------------

    /// @dev Settles a position's fees, then adds to its liquidity or takes from it.
    function _change(address owner, int24 lower, int24 upper, int128 change) private returns (Position storage position) {
        if (
            lower >= upper || lower < TickMath.MIN_TICK || upper > TickMath.MAX_TICK || lower % TICK_SPACING != 0
                || upper % TICK_SPACING != 0
        ) revert WrongTicks(lower, upper);
        _changeTick(lower, change, change);
        _changeTick(upper, change, -change);

        position = positions[positionKey(owner, lower, upper)];
        (uint256 inside0, uint256 inside1) = _feeGrowthInside(lower, upper);
        unchecked {
            position.owed0 += FullMath.mulDiv(inside0 - position.feeGrowthInside0, position.liquidity, 1 << 128);
            position.owed1 += FullMath.mulDiv(inside1 - position.feeGrowthInside1, position.liquidity, 1 << 128);
        }
        (position.feeGrowthInside0, position.feeGrowthInside1) = (inside0, inside1);
        position.liquidity = uint128(int128(position.liquidity) + change);
        if (lower <= tick && tick < upper) liquidity = uint128(int128(liquidity) + change);
        // Last, for the fees above need what it knows.
        if (change < 0) {
            if (ticks[lower].liquidityGross == 0) delete ticks[lower];
            if (ticks[upper].liquidityGross == 0) delete ticks[upper];
        }
    }

    function _changeTick(int24 at, int128 gross, int128 net) private {
        if (gross == 0) return;
        Tick storage changed = ticks[at];
        uint128 before = changed.liquidityGross;
        uint128 afterwards = uint128(int128(before) + gross);
        if (before == 0 && at <= tick) {
            // By convention all fees so far were earned below it.
            changed.feeGrowthOutside0 = feeGrowth0;
            changed.feeGrowthOutside1 = feeGrowth1;
        }
        changed.liquidityGross = afterwards;
        changed.liquidityNet += net;
        if ((before == 0) != (afterwards == 0)) {
            int24 index = at / TICK_SPACING;
            tickBitmap[int16(index >> 8)] ^= uint256(1) << (uint256(int256(index)) & 0xff);
        }
    }

    function _feeGrowthInside(int24 lower, int24 upper) private view returns (uint256 inside0, uint256 inside1) {
        Tick storage low = ticks[lower];
        Tick storage high = ticks[upper];
        unchecked {
            if (tick < lower) {
                inside0 = low.feeGrowthOutside0 - high.feeGrowthOutside0;
                inside1 = low.feeGrowthOutside1 - high.feeGrowthOutside1;
            } else if (tick >= upper) {
                inside0 = high.feeGrowthOutside0 - low.feeGrowthOutside0;
                inside1 = high.feeGrowthOutside1 - low.feeGrowthOutside1;
            } else {
                inside0 = feeGrowth0 - low.feeGrowthOutside0 - high.feeGrowthOutside0;
                inside1 = feeGrowth1 - low.feeGrowthOutside1 - high.feeGrowthOutside1;
            }
        }
    }

    /// @dev The next tick that a position ends at, in the direction of the swap; at most one word of the bitmap on.
    function _nextTick(int24 from, bool down) private view returns (int24 next, bool isInitialized) {
        unchecked {
            int24 index = from / TICK_SPACING;
            if (from < 0 && from % TICK_SPACING != 0) --index; // round down
            if (!down) ++index;
            int16 word = int16(index >> 8);
            uint256 bit = uint256(int256(index)) & 0xff;
            uint256 ahead = down
                ? tickBitmap[word] & (type(uint256).max >> (255 - bit))
                : tickBitmap[word] & (type(uint256).max << bit);
            isInitialized = ahead != 0;
            uint256 found = down
                ? (isInitialized ? BitMath.highest(ahead) : 0)
                : (isInitialized ? BitMath.lowest(ahead) : 255);
            next = (int24(word) * 256 + int24(uint24(found))) * TICK_SPACING;
        }
    }

    function _amounts(int24 lower, int24 upper, uint128 amount, bool roundUp)
        private
        view
        returns (uint256 amount0, uint256 amount1)
    {
        uint160 low = TickMath.sqrtPriceAt(lower);
        uint160 high = TickMath.sqrtPriceAt(upper);
        uint160 price = sqrtPrice < low ? low : sqrtPrice > high ? high : sqrtPrice;
        amount0 = price == high ? 0 : SwapMath.amount0(price, high, amount, roundUp);
        amount1 = price == low ? 0 : SwapMath.amount1(low, price, amount, roundUp);
    }
}
