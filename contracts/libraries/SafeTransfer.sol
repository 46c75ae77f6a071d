// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "interfaces/IERC20.sol";

/// @title Token transfers that revert where the token answers "false".
library SafeTransfer {
    error TransferFailed(address token);

    function send(address token, address to, uint256 amount) internal {
        if (!IERC20(token).transfer(to, amount)) revert TransferFailed(token);
    }

    function pull(address token, address from, address to, uint256 amount) internal {
        if (!IERC20(token).transferFrom(from, to, amount)) revert TransferFailed(token);
    }
}
