// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BitMath} from "libraries/BitMath.sol";

/// @title Ticks and prices: tick t stands for the price 1.0001^t, kept as its square root with 96 fractional bits.
library TickMath {
    int24 internal constant MAX_TICK = 887272;
    int24 internal constant MIN_TICK = -MAX_TICK;
    uint160 internal constant MIN_SQRT_PRICE = 4295128739;
    uint160 internal constant MAX_SQRT_PRICE = 1461446703485210103287273052203988822378723970342;

    /// 1 / log2(sqrt(1.0001)), with 64 fractional bits.
    int256 private constant TICKS_PER_OCTAVE = 255738958999603826347141;
    /// Fractional binary digits of the logarithm: an error below 0.02 ticks.
    uint256 private constant LOG_DIGITS = 20;

    error TickOutOfRange(int24 tick);
    error PriceOutOfRange(uint160 sqrtPrice);

    /// @notice sqrt(1.0001^tick) * 2^96, rounded up.
    /// @dev 1.0001^(-|t|/2) is a product over the binary digits of |t|, each factor 1.0001^(-2^i/2) with 128 fractional
    /// bits; a positive tick's is the reciprocal.
    function sqrtPriceAt(int24 tick) internal pure returns (uint160) {
        uint256 digits = uint256(int256(tick < 0 ? -tick : tick));
        if (digits > uint256(int256(MAX_TICK))) revert TickOutOfRange(tick);
        unchecked {
            uint256 ratio = digits & 0x1 != 0 ? 0xfffcb933bd6fad37aa2d162d1a594001 : uint256(1) << 128;
            if (digits & 0x2 != 0) ratio = (ratio * 0xfff97272373d413259a46990580e213a) >> 128;
            if (digits & 0x4 != 0) ratio = (ratio * 0xfff2e50f5f656932ef12357cf3c7fdcc) >> 128;
            if (digits & 0x8 != 0) ratio = (ratio * 0xffe5caca7e10e4e61c3624eaa0941cd0) >> 128;
            if (digits & 0x10 != 0) ratio = (ratio * 0xffcb9843d60f6159c9db58835c926644) >> 128;
            if (digits & 0x20 != 0) ratio = (ratio * 0xff973b41fa98c081472e6896dfb254c0) >> 128;
            if (digits & 0x40 != 0) ratio = (ratio * 0xff2ea16466c96a3843ec78b326b52861) >> 128;
            if (digits & 0x80 != 0) ratio = (ratio * 0xfe5dee046a99a2a811c461f1969c3053) >> 128;
            if (digits & 0x100 != 0) ratio = (ratio * 0xfcbe86c7900a88aedcffc83b479aa3a4) >> 128;
            if (digits & 0x200 != 0) ratio = (ratio * 0xf987a7253ac413176f2b074cf7815e54) >> 128;
            if (digits & 0x400 != 0) ratio = (ratio * 0xf3392b0822b70005940c7a398e4b70f3) >> 128;
            if (digits & 0x800 != 0) ratio = (ratio * 0xe7159475a2c29b7443b29c7fa6e889d9) >> 128;
            if (digits & 0x1000 != 0) ratio = (ratio * 0xd097f3bdfd2022b8845ad8f792aa5825) >> 128;
            if (digits & 0x2000 != 0) ratio = (ratio * 0xa9f746462d870fdf8a65dc1f90e061e5) >> 128;
            if (digits & 0x4000 != 0) ratio = (ratio * 0x70d869a156d2a1b890bb3df62baf32f7) >> 128;
            if (digits & 0x8000 != 0) ratio = (ratio * 0x31be135f97d08fd981231505542fcfa6) >> 128;
            if (digits & 0x10000 != 0) ratio = (ratio * 0x9aa508b5b7a84e1c677de54f3e99bc9) >> 128;
            if (digits & 0x20000 != 0) ratio = (ratio * 0x5d6af8dedb81196699c329225ee604) >> 128;
            if (digits & 0x40000 != 0) ratio = (ratio * 0x2216e584f5fa1ea926041bedfe98) >> 128;
            if (digits & 0x80000 != 0) ratio = (ratio * 0x48a170391f7dc42444e8fa2) >> 128;
            if (tick > 0) ratio = type(uint256).max / ratio;
            return uint160((ratio + type(uint32).max) >> 32);
        }
    }

    /// @notice The largest tick whose price is not above `sqrtPrice`.
    /// @dev The binary logarithm, digit by digit: squaring doubles it, and its carry is the next digit. It is rounded
    /// down, so that the tick is the one found or the next one; the next one's price decides.
    function tickAt(uint160 sqrtPrice) internal pure returns (int24 tick) {
        if (sqrtPrice < MIN_SQRT_PRICE || sqrtPrice >= MAX_SQRT_PRICE) revert PriceOutOfRange(sqrtPrice);
        unchecked {
            uint256 top = BitMath.highest(sqrtPrice);
            uint256 mantissa = top >= 127 ? uint256(sqrtPrice) >> (top - 127) : uint256(sqrtPrice) << (127 - top);
            int256 log = (int256(top) - 96) * 2 ** 64;
            for (uint256 digit = 0; digit < LOG_DIGITS; ++digit) {
                mantissa = (mantissa * mantissa) >> 127;
                uint256 carry = mantissa >> 128;
                log += int256(carry << (63 - digit));
                mantissa >>= carry;
            }
            tick = int24((log * TICKS_PER_OCTAVE) >> 128);
            if (tick < MAX_TICK && sqrtPriceAt(tick + 1) <= sqrtPrice) ++tick;
        }
    }
}
