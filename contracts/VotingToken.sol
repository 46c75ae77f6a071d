// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title A token whose owners delegate their votes; how many votes somebody had is known for every past second.
/// @dev Votes are kept as checkpoints, one for each second in which they changed.
contract VotingToken {
    struct Checkpoint {
        uint48 time;
        uint208 votes;
    }

    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => address) public delegateOf;
    mapping(address delegate => Checkpoint[]) private checkpoints;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Delegated(address indexed owner, address indexed from, address indexed to);
    event VotesChanged(address indexed delegate, uint256 votes);

    error InsufficientBalance(address owner, uint256 balance, uint256 amount);
    error NotPast(uint256 time);

    constructor(uint256 supply) {
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        uint256 balance = balanceOf[msg.sender];
        if (balance < amount) revert InsufficientBalance(msg.sender, balance, amount);
        unchecked {
            balanceOf[msg.sender] = balance - amount;
            balanceOf[to] += amount;
        }
        emit Transfer(msg.sender, to, amount);
        _moveVotes(delegateOf[msg.sender], delegateOf[to], amount);
        return true;
    }

    function delegate(address to) external {
        address from = delegateOf[msg.sender];
        delegateOf[msg.sender] = to;
        emit Delegated(msg.sender, from, to);
        _moveVotes(from, to, balanceOf[msg.sender]);
    }

    function votesOf(address who) external view returns (uint256) {
        Checkpoint[] storage history = checkpoints[who];
        return history.length == 0 ? 0 : history[history.length - 1].votes;
    }

    /// @notice The votes at the end of a second that is over.
    function pastVotesOf(address who, uint256 time) external view returns (uint256) {
        if (time >= block.timestamp) revert NotPast(time);
        Checkpoint[] storage history = checkpoints[who];
        // The last checkpoint that is not after `time`.
        uint256 low = 0;
        uint256 high = history.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (history[middle].time > time) high = middle;
            else low = middle + 1;
        }
        return low == 0 ? 0 : history[low - 1].votes;
    }

    function _moveVotes(address from, address to, uint256 amount) private {
        if (from == to || amount == 0) return;
        if (from != address(0)) _write(from, amount, false);
        if (to != address(0)) _write(to, amount, true);
    }

    function _write(address who, uint256 amount, bool adds) private {
        Checkpoint[] storage history = checkpoints[who];
        uint256 size = history.length;
        uint256 votes = size == 0 ? 0 : history[size - 1].votes;
        votes = adds ? votes + amount : votes - amount;
        if (size != 0 && history[size - 1].time == block.timestamp) history[size - 1].votes = uint208(votes);
        else history.push(Checkpoint(uint48(block.timestamp), uint208(votes)));
        emit VotesChanged(who, votes);
    }
}
