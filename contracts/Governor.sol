// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {VotingToken} from "VotingToken.sol";

/// @title Proposals to pay from a treasury: voted on for a while, then held back for a while, then carried out.
contract Governor {
    struct Proposal {
        address proposer;
        uint48 snapshot; // votes are those at this second
        uint48 deadline;
        uint48 notBefore; // carried out no sooner; 0: not queued
        bool executed;
        address payable payee;
        uint256 amount;
        uint256 votesFor;
        uint256 votesAgainst;
        uint256 abstentions;
    }

    enum Choice {
        Against,
        For,
        Abstain
    }

    uint48 public constant VOTING_PERIOD = 3 days;
    uint48 public constant TIMELOCK = 2 days;
    uint256 public constant PROPOSAL_THRESHOLD = 1000 ether;
    uint256 public constant QUORUM = 10_000 ether;

    VotingToken public immutable token;
    Proposal[] public proposals;
    mapping(uint256 id => mapping(address voter => uint256)) public weightCast;
    uint256 public paidOut;

    event Proposed(uint256 indexed id, address indexed proposer, address payee, uint256 amount, string description);
    event VoteCast(uint256 indexed id, address indexed voter, Choice choice, uint256 weight);
    event Queued(uint256 indexed id, uint256 notBefore);
    event Executed(uint256 indexed id);

    error NotEnoughVotes(address who, uint256 votes);
    error NotOpen(uint256 id);
    error AlreadyVoted(uint256 id, address voter);
    error NotAccepted(uint256 id);
    error TooEarly(uint256 id);
    error AlreadyDone(uint256 id);
    error NotPaid(uint256 id);

    constructor(VotingToken token_) {
        token = token_;
    }

    receive() external payable {}

    function propose(address payable payee, uint256 amount, string calldata description) external returns (uint256 id) {
        uint256 votes = token.pastVotesOf(msg.sender, block.timestamp - 1);
        if (votes < PROPOSAL_THRESHOLD) revert NotEnoughVotes(msg.sender, votes);
        id = proposals.length;
        Proposal storage proposal = proposals.push();
        proposal.proposer = msg.sender;
        proposal.snapshot = uint48(block.timestamp - 1);
        proposal.deadline = uint48(block.timestamp) + VOTING_PERIOD;
        proposal.payee = payee;
        proposal.amount = amount;
        emit Proposed(id, msg.sender, payee, amount, description);
    }

    function vote(uint256 id, Choice choice) external {
        Proposal storage proposal = proposals[id];
        if (block.timestamp > proposal.deadline) revert NotOpen(id);
        if (weightCast[id][msg.sender] != 0) revert AlreadyVoted(id, msg.sender);
        uint256 weight = token.pastVotesOf(msg.sender, proposal.snapshot);
        if (weight == 0) revert NotEnoughVotes(msg.sender, 0);
        weightCast[id][msg.sender] = weight;
        if (choice == Choice.For) proposal.votesFor += weight;
        else if (choice == Choice.Against) proposal.votesAgainst += weight;
        else proposal.abstentions += weight;
        emit VoteCast(id, msg.sender, choice, weight);
    }

    /// @notice After the vote, if it was won: from now on the timelock runs.
    function queue(uint256 id) external {
        Proposal storage proposal = proposals[id];
        if (block.timestamp <= proposal.deadline) revert TooEarly(id);
        if (proposal.notBefore != 0) revert AlreadyDone(id);
        if (proposal.votesFor <= proposal.votesAgainst || proposal.votesFor + proposal.abstentions < QUORUM) {
            revert NotAccepted(id);
        }
        proposal.notBefore = uint48(block.timestamp) + TIMELOCK;
        emit Queued(id, proposal.notBefore);
    }

    function execute(uint256 id) external {
        Proposal storage proposal = proposals[id];
        if (proposal.notBefore == 0 || block.timestamp < proposal.notBefore) revert TooEarly(id);
        if (proposal.executed) revert AlreadyDone(id);
        proposal.executed = true;
        paidOut += proposal.amount;
        (bool paid,) = proposal.payee.call{value: proposal.amount}("");
        if (!paid) revert NotPaid(id);
        emit Executed(id);
    }

    function tally(uint256 id) external view returns (uint256) {
        Proposal storage proposal = proposals[id];
        return proposal.votesFor + proposal.votesAgainst + proposal.abstentions;
    }
}
