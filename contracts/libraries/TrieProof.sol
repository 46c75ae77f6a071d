// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Rlp} from "libraries/Rlp.sol";

/// @title Proofs of what a Merkle Patricia trie holds (yellow paper, appendix D), as eth_getProof gives them: the nodes
/// from the root to the value. Every node is accepted by its hash alone.
library TrieProof {
    using Rlp for Rlp.Item;

    uint256 private constant KEY_NIBBLES = 64;

    error WrongNode(uint256 index);
    error NotThere(uint256 index);
    error TooShort();

    /// @notice The storage root of `account` in the state with this root.
    function storageRoot(bytes32 stateRoot, address account, bytes[] calldata proof) internal pure returns (bytes32) {
        Rlp.Item memory leaf = get(stateRoot, keccak256(abi.encodePacked(account)), proof);
        uint256 end = leaf.at + leaf.size;
        Rlp.Item memory fields = Rlp.read(leaf.at, end); // nonce, balance, storage root, code hash
        if (!fields.isList || fields.next != end) revert Rlp.Malformed();
        Rlp.Item memory field = Rlp.read(fields.at, end);
        field = Rlp.read(field.next, end);
        return Rlp.read(field.next, end).toBytes32();
    }

    /// @notice The word in `slot` of the storage with this root. Reverts if it is zero, which is not in the trie.
    function storageWord(bytes32 root, bytes32 slot, bytes[] calldata proof) internal pure returns (bytes32) {
        Rlp.Item memory value = get(root, keccak256(abi.encode(slot)), proof);
        return bytes32(Rlp.read(value.at, value.at + value.size).toUint());
    }

    /// @notice The value at `key`, which `proof` leads to from `root`. Reverts if it does not.
    function get(bytes32 root, bytes32 key, bytes[] calldata proof) internal pure returns (Rlp.Item memory) {
        bytes32 expected = root;
        uint256 depth = 0;
        for (uint256 i = 0; i < proof.length; ++i) {
            bytes memory encoded = proof[i];
            if (keccak256(encoded) != expected) revert WrongNode(i);
            Rlp.Item memory node = Rlp.open(encoded);
            // A child of less than 32 bytes stands in its parent instead of its hash.
            while (true) {
                if (!node.isList) revert Rlp.Malformed();
                bool isValue;
                (node, depth, isValue) = _descend(node, key, depth, i);
                if (isValue) {
                    if (i + 1 != proof.length) revert WrongNode(i + 1);
                    return node;
                }
                if (!node.isList) break;
            }
            if (node.size == 0) revert NotThere(i);
            expected = node.toBytes32();
        }
        revert TooShort();
    }

    /// @notice From a node, `depth` nibbles below the root, to its child on the way to `key`, or to the value.
    function _descend(Rlp.Item memory node, bytes32 key, uint256 depth, uint256 index)
        private
        pure
        returns (Rlp.Item memory below, uint256 depthBelow, bool isValue)
    {
        uint256 end = node.at + node.size;
        Rlp.Item memory first = Rlp.read(node.at, end);
        Rlp.Item memory second = Rlp.read(first.next, end);
        if (second.next == end) {
            bool isLeaf;
            (depthBelow, isLeaf) = _follow(first, key, depth, index);
            if (isLeaf != (depthBelow == KEY_NIBBLES)) revert NotThere(index);
            return (second, depthBelow, isLeaf);
        }
        // A branch. Keys are hashes: none ends before another, so branches have no values.
        if (depth >= KEY_NIBBLES) revert NotThere(index);
        uint256 nibble = _nibble(key, depth);
        below = first;
        for (uint256 i = 0; i < nibble; ++i) {
            below = Rlp.read(below.next, end);
        }
        return (below, depth + 1, false);
    }

    /// @notice Compares a path in "hex prefix" form (yellow paper, appendix C) with the key from `depth` on.
    function _follow(Rlp.Item memory path, bytes32 key, uint256 depth, uint256 index)
        private
        pure
        returns (uint256 depthBelow, bool isLeaf)
    {
        if (path.isList || path.size == 0 || path.size > 33) revert Rlp.Malformed();
        uint256 at = path.at;
        uint256 flags;
        uint256 nibbles; // of all bytes but the first, the first of them highest
        assembly {
            let word := mload(at)
            flags := shr(4, byte(0, word))
            nibbles := mload(add(at, 1))
        }
        if (flags > 3) revert Rlp.Malformed();
        isLeaf = flags >= 2;
        uint256 count = 2 * (path.size - 1);
        unchecked {
            if (flags & 1 == 1) {
                uint256 odd;
                assembly {
                    odd := and(byte(0, mload(at)), 0x0f)
                }
                if (depth >= KEY_NIBBLES || odd != _nibble(key, depth)) revert NotThere(index);
                ++depth;
            }
            depthBelow = depth + count;
            if (depthBelow > KEY_NIBBLES) revert NotThere(index);
            if (count != 0) {
                uint256 unused = 256 - 4 * count;
                if (nibbles >> unused != uint256(key << (4 * depth)) >> unused) revert NotThere(index);
            }
        }
    }

    function _nibble(bytes32 key, uint256 index) private pure returns (uint256) {
        return uint256(key >> (252 - 4 * index)) & 0x0f;
    }
}
