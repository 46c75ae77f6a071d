// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Lots of goods on their way: registered, handed on with signatures, certified, split, merged, traced back.
contract SupplyChain {
    struct Lot {
        address custodian;
        uint64 quantity; // 0: used up
        uint32 handovers;
        bytes32 document; // hash of what describes it
        uint256[] parents; // the lots that it was made of
    }

    Lot[] private lots;
    /// @notice Who may certify what.
    mapping(address certifier => mapping(bytes32 kind => bool)) public accredited;
    mapping(uint256 lot => mapping(bytes32 kind => address certifier)) public certificates;
    /// @notice How often a lot's provenance was looked up, and how many ancestors were found.
    mapping(uint256 lot => uint256) public inspections;
    uint256 public registered;
    address public immutable authority;

    event Registered(uint256 indexed lot, address indexed producer, uint64 quantity, bytes32 document);
    event HandedOver(uint256 indexed lot, address indexed from, address indexed to);
    event Certified(uint256 indexed lot, bytes32 indexed kind, address indexed certifier);
    event Split(uint256 indexed lot, uint256 firstPart, uint256 parts);
    event Merged(uint256 indexed lot, uint256 parts);
    event Inspected(uint256 indexed lot, uint256 ancestors);

    error NotAuthority(address caller);
    error NotCustodian(uint256 lot, address who);
    error NotAccredited(address certifier, bytes32 kind);
    error WrongQuantity();
    error WrongSignature();

    constructor() {
        authority = msg.sender;
    }

    modifier onlyCustodian(uint256 id) {
        if (lots[id].custodian != msg.sender) revert NotCustodian(id, msg.sender);
        _;
    }

    function accredit(address certifier, bytes32 kind, bool yes) external {
        if (msg.sender != authority) revert NotAuthority(msg.sender);
        accredited[certifier][kind] = yes;
    }

    function register(uint64 quantity, bytes32 document) external returns (uint256 id) {
        if (quantity == 0) revert WrongQuantity();
        registered += quantity;
        id = _add(msg.sender, quantity, document);
        emit Registered(id, msg.sender, quantity, document);
    }

    /// @notice What a custodian signs to hand a lot on.
    function handoverDigest(uint256 id, address to) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), id, to, lots[id].handovers));
    }

    /// @notice Hands a lot on; whoever carries it shows the custodian's signature.
    function handOver(uint256 id, address to, uint8 v, bytes32 r, bytes32 s) external {
        Lot storage lot = lots[id];
        address signer = ecrecover(handoverDigest(id, to), v, r, s);
        if (signer == address(0) || signer != lot.custodian) revert WrongSignature();
        lot.custodian = to;
        ++lot.handovers; // a signature is good once
        emit HandedOver(id, signer, to);
    }

    function certify(uint256 id, bytes32 kind) external {
        if (!accredited[msg.sender][kind]) revert NotAccredited(msg.sender, kind);
        certificates[id][kind] = msg.sender;
        emit Certified(id, kind, msg.sender);
    }

    /// @notice Makes several lots of one. Requires: the quantities add up to the lot's.
    function split(uint256 id, uint64[] calldata quantities) external onlyCustodian(id) returns (uint256 first) {
        first = lots.length;
        uint256 sum;
        for (uint256 i = 0; i < quantities.length; ++i) {
            if (quantities[i] == 0) revert WrongQuantity();
            sum += quantities[i];
            lots[_add(msg.sender, quantities[i], lots[id].document)].parents.push(id);
        }
        if (sum != lots[id].quantity) revert WrongQuantity();
        lots[id].quantity = 0;
        emit Split(id, first, quantities.length);
    }

    /// @notice Makes one lot of several of the caller's.
    function merge(uint256[] calldata ids, bytes32 document) external returns (uint256 id) {
        uint64 sum;
        id = _add(msg.sender, 0, document);
        for (uint256 i = 0; i < ids.length; ++i) {
            Lot storage part = lots[ids[i]];
            if (part.custodian != msg.sender) revert NotCustodian(ids[i], msg.sender);
            if (part.quantity == 0) revert WrongQuantity();
            sum += part.quantity;
            part.quantity = 0;
            lots[id].parents.push(ids[i]);
        }
        lots[id].quantity = sum;
        emit Merged(id, ids.length);
    }

    /// @notice Follows a lot back to where it came from, along its first parents, and notes what was found.
    function inspect(uint256 id) external returns (uint256 ancestors) {
        uint256 at = id;
        while (lots[at].parents.length != 0) {
            ancestors += lots[at].parents.length;
            at = lots[at].parents[0];
        }
        inspections[id] += 1;
        emit Inspected(id, ancestors);
    }

    function count() external view returns (uint256) {
        return lots.length;
    }

    function lotOf(uint256 id) external view returns (address custodian, uint64 quantity, uint32 handovers) {
        Lot storage lot = lots[id];
        return (lot.custodian, lot.quantity, lot.handovers);
    }

    function _add(address custodian, uint64 quantity, bytes32 document) private returns (uint256 id) {
        id = lots.length;
        Lot storage lot = lots.push();
        lot.custodian = custodian;
        lot.quantity = quantity;
        lot.document = document;
    }
}
