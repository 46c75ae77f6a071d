// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Positions of bits, 0 the least significant.
library BitMath {
    /// @notice The highest bit that is set. Requires: there is one.
    function highest(uint256 word) internal pure returns (uint256 position) {
        unchecked {
            for (uint256 step = 128; step != 0; step >>= 1) {
                if (word >> step != 0) {
                    word >>= step;
                    position += step;
                }
            }
        }
    }

    /// @notice The lowest bit that is set. Requires: there is one.
    function lowest(uint256 word) internal pure returns (uint256) {
        unchecked {
            return highest(word & (0 - word));
        }
    }
}
