// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title What hurts whoever executes transactions before their turn.
contract Adversary {
    uint256 public constant CELLS = 64;

    uint256 public hot;
    uint256[CELLS] public cells;
    mapping(address worker => uint256) public results;

    /// @notice Reads the hot slot first and writes it last: nothing can be done before the one before has ended.
    function readFirstWriteLast(uint256 rounds) external {
        uint256 value = hot;
        uint256 result = _work(value, rounds);
        results[msg.sender] = result;
        hot = value + 1;
    }

    /// @notice Works long for itself and meets everyone else at the very end.
    function meetAtTheEnd(uint256 rounds) external {
        results[msg.sender] = _work(uint160(msg.sender), rounds);
        hot += 1;
    }

    /// @notice Walks over the cells, counting each visit; what it finds decides where it goes. Whoever started from a
    /// stale cell has walked another way, and has written where nobody waits for it.
    function wander(uint256 start, uint256 steps) external {
        uint256 at = start % CELLS;
        for (uint256 i = 0; i < steps; ++i) {
            uint256 visits = cells[at] + 1;
            cells[at] = visits;
            at = uint256(keccak256(abi.encode(at, visits))) % CELLS;
        }
    }

    function _work(uint256 seed, uint256 rounds) private pure returns (uint256) {
        for (uint256 i = 0; i < rounds; ++i) seed = uint256(keccak256(abi.encode(seed, i)));
        return seed;
    }
}
