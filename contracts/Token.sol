// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "interfaces/IERC20.sol";

/// @title A fungible token (ERC-20) whose supply its minter decides.
/// @dev Storage that the workloads write directly, so that a token starts with many owners: slot 0 `totalSupply`,
/// slot 1 `balanceOf`, slot 2 `allowance`.
contract Token is IERC20 {
    uint256 public totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    string public name;
    string public symbol;
    uint8 public constant decimals = 18;
    address public immutable minter;

    error InsufficientBalance(address owner, uint256 balance, uint256 amount);
    error InsufficientAllowance(address spender, uint256 allowed, uint256 amount);
    error InvalidRecipient();
    error NotMinter(address caller);

    constructor(string memory name_, string memory symbol_, address minter_) {
        name = name_;
        symbol = symbol_;
        minter = minter_;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    /// @notice Spends `amount` of what `from` has approved to the caller; an allowance of 2^256-1 never shrinks.
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            if (allowed < amount) revert InsufficientAllowance(msg.sender, allowed, amount);
            unchecked {
                allowance[from][msg.sender] = allowed - amount;
            }
        }
        _transfer(from, to, amount);
        return true;
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        if (to == address(0)) revert InvalidRecipient();
        totalSupply += amount;
        unchecked {
            balanceOf[to] += amount; // no more than the supply
        }
        emit Transfer(address(0), to, amount);
    }

    function burn(address from, uint256 amount) external {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        uint256 balance = balanceOf[from];
        if (balance < amount) revert InsufficientBalance(from, balance, amount);
        unchecked {
            balanceOf[from] = balance - amount;
            totalSupply -= amount;
        }
        emit Transfer(from, address(0), amount);
    }

    function _transfer(address from, address to, uint256 amount) private {
        if (to == address(0)) revert InvalidRecipient();
        uint256 balance = balanceOf[from];
        if (balance < amount) revert InsufficientBalance(from, balance, amount);
        unchecked {
            balanceOf[from] = balance - amount;
            balanceOf[to] += amount; // read after the line above: `to` may be `from`
        }
        emit Transfer(from, to, amount);
    }
}
