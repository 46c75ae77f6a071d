// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What this chain knows of another one: the state roots of its blocks, as an authority reports them.
contract LightClient {
    address public immutable authority;
    mapping(uint256 blockNumber => bytes32) public stateRoots;
    uint256 public latest;

    event Accepted(uint256 indexed blockNumber, bytes32 stateRoot);

    error NotAuthority(address caller);
    error NotLater(uint256 blockNumber);

    constructor(address authority_) {
        authority = authority_;
    }

    function accept(uint256 blockNumber, bytes32 stateRoot) external {
        if (msg.sender != authority) revert NotAuthority(msg.sender);
        if (blockNumber <= latest) revert NotLater(blockNumber);
        latest = blockNumber;
        stateRoots[blockNumber] = stateRoot;
        emit Accepted(blockNumber, stateRoot);
    }
}
