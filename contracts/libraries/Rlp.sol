// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Recursive length prefix (yellow paper, appendix B), read where it lies in memory.
library Rlp {
    /// @notice What one item holds: `size` bytes of memory from `at`, and where the item behind it begins.
    struct Item {
        uint256 at;
        uint256 size;
        uint256 next;
        bool isList;
    }

    error Malformed();

    /// @notice The whole of `encoded` as one item.
    function open(bytes memory encoded) internal pure returns (Item memory item) {
        uint256 start;
        assembly {
            start := add(encoded, 32)
        }
        uint256 end = start + encoded.length;
        item = read(start, end);
        if (item.next != end) revert Malformed();
    }

    /// @notice The item at `at`, which has to end at `end` or before.
    function read(uint256 at, uint256 end) internal pure returns (Item memory item) {
        if (at >= end) revert Malformed();
        uint256 prefix;
        assembly {
            prefix := byte(0, mload(at))
        }
        unchecked {
            if (prefix < 0x80) {
                item.at = at;
                item.size = 1;
            } else {
                item.isList = prefix >= 0xc0;
                uint256 size = prefix - (item.isList ? 0xc0 : 0x80);
                item.at = at + 1;
                if (size > 55) {
                    uint256 sizeOfSize = size - 55;
                    item.at += sizeOfSize;
                    if (item.at > end) revert Malformed();
                    assembly {
                        size := shr(sub(256, mul(8, sizeOfSize)), mload(add(at, 1)))
                    }
                    if (size > end) revert Malformed(); // and so the sum below does not overflow
                }
                item.size = size;
            }
            item.next = item.at + item.size;
        }
        if (item.next > end) revert Malformed();
    }

    /// @notice A number of at most 32 bytes, without leading zeros.
    function toUint(Item memory item) internal pure returns (uint256 value) {
        if (item.isList || item.size > 32) revert Malformed();
        if (item.size == 0) return 0;
        uint256 at = item.at;
        uint256 unused = 256 - 8 * item.size;
        assembly {
            value := shr(unused, mload(at))
        }
        if (value >> (8 * item.size - 8) == 0) revert Malformed();
    }

    /// @notice A string of exactly 32 bytes.
    function toBytes32(Item memory item) internal pure returns (bytes32 word) {
        if (item.isList || item.size != 32) revert Malformed();
        uint256 at = item.at;
        assembly {
            word := mload(at)
        }
    }
}
