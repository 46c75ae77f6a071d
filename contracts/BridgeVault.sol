// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Bridge} from "Bridge.sol";
import {LightClient} from "LightClient.sol";
import {SafeTransfer} from "libraries/SafeTransfer.sol";

/// @title The end of a bridge where a token is at home: locked here while it circulates on the other chain.
contract BridgeVault is Bridge {
    using SafeTransfer for address;

    address public immutable token;

    constructor(LightClient lightClient_, address token_) Bridge(lightClient_) {
        token = token_;
    }

    /// @notice Locks tokens that the caller has approved; `recipient` gets as many on the other chain.
    function lock(uint256 amount, address recipient) external {
        token.pull(msg.sender, address(this), amount);
        _send(recipient, amount);
    }

    function _pay(address recipient, uint256 amount) internal override {
        token.send(recipient, amount);
    }
}
