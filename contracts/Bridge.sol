// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LightClient} from "LightClient.sol";
import {TrieProof} from "libraries/TrieProof.sol";

/// @title One end of a bridge: keeps what it sends for the other chain to look at, and believes what the other end has
/// kept there, which is proven against that chain's state root.
/// @dev Storage that proofs and checks look at: slot 1 `outbox`, slot 3 `consumed`.
abstract contract Bridge {
    struct Message {
        uint256 id;
        address sender;
        address recipient;
        uint256 amount;
    }

    uint256 private constant OUTBOX_SLOT = 1;

    /// @notice The other end, on the other chain.
    address public peer;
    /// @notice Hashes of the messages that were sent, by their number.
    mapping(uint256 id => bytes32) public outbox;
    uint256 public sent;
    /// @notice The other end's messages that have had their effect.
    mapping(uint256 id => bool) public consumed;
    LightClient public immutable lightClient;
    address public immutable owner;

    event Sent(uint256 indexed id, address indexed sender, address indexed recipient, uint256 amount);
    event Received(uint256 indexed id, address indexed sender, address indexed recipient, uint256 amount);

    error NotOwner(address caller);
    error AlreadyConnected();
    error AlreadyConsumed(uint256 id);
    error UnknownBlock(uint256 blockNumber);
    error NotSent(uint256 id);

    constructor(LightClient lightClient_) {
        lightClient = lightClient_;
        owner = msg.sender;
    }

    /// @notice Names the other end, once.
    function connect(address peer_) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        if (peer != address(0)) revert AlreadyConnected();
        peer = peer_;
    }

    /// @notice Carries out a message of the other end, once. Anybody may bring it.
    /// @param blockNumber The other chain's block whose state the proofs are of.
    function receiveMessage(
        Message calldata message,
        uint256 blockNumber,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external {
        if (consumed[message.id]) revert AlreadyConsumed(message.id);
        consumed[message.id] = true;
        bytes32 stateRoot = lightClient.stateRoots(blockNumber);
        if (stateRoot == bytes32(0)) revert UnknownBlock(blockNumber);
        bytes32 storageRoot = TrieProof.storageRoot(stateRoot, peer, accountProof);
        bytes32 slot = keccak256(abi.encode(message.id, OUTBOX_SLOT));
        if (TrieProof.storageWord(storageRoot, slot, storageProof) != _hash(message)) revert NotSent(message.id);
        _pay(message.recipient, message.amount);
        emit Received(message.id, message.sender, message.recipient, message.amount);
    }

    function _send(address recipient, uint256 amount) internal {
        uint256 id = sent++;
        Message memory message = Message(id, msg.sender, recipient, amount);
        outbox[id] = _hash(message);
        emit Sent(id, msg.sender, recipient, amount);
    }

    function _pay(address recipient, uint256 amount) internal virtual;

    function _hash(Message memory message) private pure returns (bytes32) {
        return keccak256(abi.encode(message));
    }
}
