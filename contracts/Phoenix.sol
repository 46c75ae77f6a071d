// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title A contract that is gone when the transaction that made it ends (EIP-6780).
contract Feather {
    uint256 public marks;

    constructor() payable {
        marks = 1;
    }

    function mark() external {
        ++marks;
    }

    /// @notice Gives back what it has, and ends.
    function burn() external {
        selfdestruct(payable(msg.sender));
    }
}

/// @title Makes contracts at the same few addresses again and again, each destroyed in the transaction that made it.
contract Phoenix {
    mapping(uint256 salt => uint256) public rebirths;

    error StillThere(address feather);

    receive() external payable {}

    /// @notice Makes the contract of this salt, uses it, and destroys it; the value goes there and back.
    function rise(uint256 salt) external payable {
        address expected = addressOf(salt);
        if (expected.code.length != 0) revert StillThere(expected);
        Feather feather = new Feather{salt: bytes32(salt), value: msg.value}();
        feather.mark();
        // It began with one mark, whatever the one before it had.
        if (feather.marks() != 2) revert StillThere(address(feather));
        feather.burn();
        ++rebirths[salt];
    }

    function addressOf(uint256 salt) public view returns (address) {
        bytes32 code = keccak256(type(Feather).creationCode);
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, code)))));
    }
}
