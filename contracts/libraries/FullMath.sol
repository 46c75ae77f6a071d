// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Products that do not fit a word, divided.
library FullMath {
    error Overflow();

    /// @notice a * b / divisor, rounded down, where the product may have 512 bits.
    /// @dev Below 2^256 it is a plain division. Otherwise the remainder is taken away, the powers of two are divided
    /// out, and what is left is multiplied by the divisor's inverse modulo 2^256, found by Newton's iteration: each
    /// round doubles the number of right bits, from 4.
    function mulDiv(uint256 a, uint256 b, uint256 divisor) internal pure returns (uint256 result) {
        unchecked {
            uint256 low = a * b;
            uint256 high;
            assembly ("memory-safe") {
                // The product modulo 2^256-1 minus the product modulo 2^256 is the upper half, but for a borrow.
                let wrapped := mulmod(a, b, not(0))
                high := sub(sub(wrapped, low), lt(wrapped, low))
            }
            if (high >= divisor) revert Overflow(); // also where the divisor is zero
            if (high == 0) return low / divisor;

            uint256 remainder = mulmod(a, b, divisor);
            if (remainder > low) --high;
            low -= remainder;

            uint256 twos = divisor & (0 - divisor);
            divisor /= twos;
            low = low / twos + high * ((0 - twos) / twos + 1);

            uint256 inverse = (3 * divisor) ^ 2;
            for (uint256 bits = 4; bits < 256; bits *= 2) inverse *= 2 - divisor * inverse;
            result = low * inverse;
        }
    }

    function mulDivUp(uint256 a, uint256 b, uint256 divisor) internal pure returns (uint256 result) {
        result = mulDiv(a, b, divisor);
        if (mulmod(a, b, divisor) != 0) ++result;
    }

    function divUp(uint256 a, uint256 divisor) internal pure returns (uint256) {
        return a / divisor + (a % divisor == 0 ? 0 : 1);
    }

    /// @notice The square root, rounded down.
    /// @dev Newton's iteration from a power of two that is not below the root; it falls until it stays.
    function sqrt(uint256 a) internal pure returns (uint256) {
        if (a == 0) return 0;
        unchecked {
            uint256 bits = 0;
            for (uint256 rest = a; rest != 0; rest >>= 2) ++bits;
            uint256 root = bits >= 128 ? type(uint128).max : uint256(1) << bits;
            while (true) {
                uint256 next = (root + a / root) / 2;
                if (next >= root) return root;
                root = next;
            }
        }
        return 0;
    }
}
