// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Bridge} from "Bridge.sol";
import {LightClient} from "LightClient.sol";
import {Token} from "Token.sol";

/// @title The end of a bridge where a token is a guest: minted here for what is locked on the other chain.
contract BridgeMinter is Bridge {
    Token public immutable token;

    constructor(LightClient lightClient_, string memory name, string memory symbol) Bridge(lightClient_) {
        token = new Token(name, symbol, address(this));
    }

    /// @notice Burns the caller's tokens; `recipient` gets as many of those that are locked on the other chain.
    function burn(uint256 amount, address recipient) external {
        token.burn(msg.sender, amount);
        _send(recipient, amount);
    }

    function _pay(address recipient, uint256 amount) internal override {
        token.mint(recipient, amount);
    }
}
