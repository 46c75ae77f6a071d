// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Collectible creatures that are bred, traded at auctions, and sent into battles.
/// @dev What is left to chance comes from the block's randomness and from who takes part. Storage that the workloads
/// write directly, so that the game starts with many creatures: slot 0 `count`, slot 1 `balanceOf`, slot 2 `creatures`
/// (four slots each: genes; owner with cooldownEnd and generation above it; experience; engagedIn).
contract Creatures {
    struct Creature {
        uint256 genes;
        address owner;
        uint64 cooldownEnd; // seconds; it breeds no sooner
        uint32 generation;
        uint256 experience;
        uint256 engagedIn; // 0: free; else an auction or a battle, plus one
    }

    struct Auction {
        address seller;
        uint64 start;
        uint32 duration;
        uint128 startPrice;
        uint128 endPrice;
        bool closed;
        uint256 creature;
    }

    enum BattleState {
        None,
        Open,
        Fighting,
        Won
    }

    struct Battle {
        BattleState state;
        uint8 round;
        uint64 health; // of the challenger, then of the other
        uint64 otherHealth;
        uint256 challenger;
        uint256 other;
        uint256 winner;
    }

    uint256 public count;
    mapping(address owner => uint256) public balanceOf;
    mapping(uint256 id => Creature) public creatures;
    Auction[] public auctions;
    Battle[] public battles;
    mapping(address seller => uint256) public proceeds;
    uint256 public owedProceeds;

    uint64 private constant HEALTH = 100;
    uint8 private constant ROUNDS = 3; // at most; then the healthier wins

    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    event Born(address indexed owner, uint256 indexed id, uint256 matron, uint256 sire, uint256 genes);
    event AuctionOpened(uint256 indexed auction, uint256 indexed creature, uint256 startPrice, uint256 endPrice);
    event AuctionWon(uint256 indexed auction, address indexed winner, uint256 price);
    event BattleOpened(uint256 indexed battle, uint256 indexed challenger);
    event RoundFought(uint256 indexed battle, uint256 health, uint256 otherHealth);
    event BattleWon(uint256 indexed battle, uint256 indexed winner);

    error NotOwner(uint256 id, address caller);
    error Engaged(uint256 id);
    error Resting(uint256 id);
    error SameCreature();
    error Closed();
    error TooLittle(uint256 paid, uint256 price);
    error WrongState(BattleState state);

    modifier onlyFree(uint256 id) {
        if (creatures[id].owner != msg.sender) revert NotOwner(id, msg.sender);
        if (creatures[id].engagedIn != 0) revert Engaged(id);
        _;
    }

    function transfer(address to, uint256 id) external onlyFree(id) {
        _move(id, msg.sender, to);
    }

    // --- breeding ----------------------------------------------------------------------------------------------------

    /// @notice A child of two creatures of the caller; each gene is one of its parents', now and then changed.
    function breed(uint256 matron, uint256 sire) external onlyFree(matron) onlyFree(sire) returns (uint256 id) {
        if (matron == sire) revert SameCreature();
        Creature storage mother = creatures[matron];
        Creature storage father = creatures[sire];
        if (mother.cooldownEnd > block.timestamp) revert Resting(matron);
        if (father.cooldownEnd > block.timestamp) revert Resting(sire);
        uint32 generation = 1 + (mother.generation > father.generation ? mother.generation : father.generation);
        uint64 rest = uint64(block.timestamp + 1 hours * (1 + uint256(generation)));
        mother.cooldownEnd = rest;
        father.cooldownEnd = rest;

        id = count++;
        uint256 chance = uint256(keccak256(abi.encode(block.prevrandao, id, matron, sire)));
        uint256 genes = _mix(mother.genes, father.genes, chance);
        creatures[id] = Creature(genes, msg.sender, rest, generation, 0, 0);
        ++balanceOf[msg.sender];
        emit Born(msg.sender, id, matron, sire, genes);
        emit Transfer(address(0), msg.sender, id);
    }

    /// @dev 32 genes of 8 bits; of each, a bit of `chance` says whose it is, and another eight whether it changes.
    function _mix(uint256 mother, uint256 father, uint256 chance) private pure returns (uint256 genes) {
        unchecked {
            uint256 changes = uint256(keccak256(abi.encode(chance)));
            for (uint256 i = 0; i < 32; ++i) {
                uint256 gene = ((chance >> i) & 1 == 0 ? mother : father) >> (8 * i) & 0xff;
                if ((changes >> (8 * i)) & 0xf == 0) gene = (gene + (changes >> (8 * i + 4) & 0xf)) & 0xff;
                genes |= gene << (8 * i);
            }
        }
    }

    // --- auctions ----------------------------------------------------------------------------------------------------

    /// @notice Offers a creature at a price that falls, second by second, from one to another.
    function openAuction(uint256 id, uint128 startPrice, uint128 endPrice, uint32 duration)
        external
        onlyFree(id)
        returns (uint256 auction)
    {
        auction = auctions.length;
        auctions.push(Auction(msg.sender, uint64(block.timestamp), duration, startPrice, endPrice, false, id));
        creatures[id].engagedIn = auction + 1;
        emit AuctionOpened(auction, id, startPrice, endPrice);
    }

    function priceOf(uint256 auction) public view returns (uint256) {
        Auction storage offer = auctions[auction];
        uint256 elapsed = block.timestamp - offer.start;
        if (elapsed >= offer.duration) return offer.endPrice;
        if (offer.startPrice <= offer.endPrice) return offer.startPrice;
        return offer.startPrice - uint256(offer.startPrice - offer.endPrice) * elapsed / offer.duration;
    }

    /// @notice Buys at the price of now; what is paid beyond it goes back.
    function bid(uint256 auction) external payable {
        Auction storage offer = auctions[auction];
        if (offer.closed) revert Closed();
        uint256 price = priceOf(auction);
        if (msg.value < price) revert TooLittle(msg.value, price);
        offer.closed = true;
        creatures[offer.creature].engagedIn = 0;
        _move(offer.creature, offer.seller, msg.sender);
        proceeds[offer.seller] += price;
        owedProceeds += price;
        emit AuctionWon(auction, msg.sender, price);
        if (msg.value > price) _pay(msg.sender, msg.value - price);
    }

    function withdrawProceeds() external {
        uint256 amount = proceeds[msg.sender];
        proceeds[msg.sender] = 0;
        owedProceeds -= amount;
        _pay(msg.sender, amount);
    }

    // --- battles -----------------------------------------------------------------------------------------------------

    function openBattle(uint256 id) external onlyFree(id) returns (uint256 battle) {
        battle = battles.length;
        battles.push(Battle(BattleState.Open, 0, HEALTH, HEALTH, id, 0, 0));
        creatures[id].engagedIn = battle + 1;
        emit BattleOpened(battle, id);
    }

    function joinBattle(uint256 id, uint256 creature) external onlyFree(creature) {
        Battle storage battle = battles[id];
        if (battle.state != BattleState.Open) revert WrongState(battle.state);
        battle.state = BattleState.Fighting;
        battle.other = creature;
        creatures[creature].engagedIn = id + 1;
    }

    /// @notice Both strike at once, as hard as genes, experience and luck let them. Nothing happens once one has won.
    function fight(uint256 id) external {
        Battle storage battle = battles[id];
        if (battle.state == BattleState.Won) return;
        if (battle.state != BattleState.Fighting) revert WrongState(battle.state);
        uint256 chance = uint256(keccak256(abi.encode(block.prevrandao, id, battle.round)));
        uint64 blow = _blow(battle.challenger, chance);
        uint64 otherBlow = _blow(battle.other, chance >> 128);
        battle.health = battle.health > otherBlow ? battle.health - otherBlow : 0;
        battle.otherHealth = battle.otherHealth > blow ? battle.otherHealth - blow : 0;
        ++battle.round;
        emit RoundFought(id, battle.health, battle.otherHealth);
        if (battle.health == 0 || battle.otherHealth == 0 || battle.round == ROUNDS) _end(id, battle);
    }

    function _blow(uint256 id, uint256 chance) private view returns (uint64) {
        Creature storage fighter = creatures[id];
        uint256 strength = fighter.genes & 0x1f;
        uint256 skill = fighter.experience > 20 ? 20 : fighter.experience;
        return uint64(5 + strength / 2 + skill / 2 + chance % 30);
    }

    function _end(uint256 battle, Battle storage ended) private {
        ended.state = BattleState.Won;
        bool challengerWins = ended.health >= ended.otherHealth;
        ended.winner = challengerWins ? ended.challenger : ended.other;
        creatures[ended.challenger].engagedIn = 0;
        creatures[ended.other].engagedIn = 0;
        creatures[ended.winner].experience += 3;
        creatures[challengerWins ? ended.other : ended.challenger].experience += 1;
        emit BattleWon(battle, ended.winner);
    }

    function _move(uint256 id, address from, address to) private {
        creatures[id].owner = to;
        --balanceOf[from];
        ++balanceOf[to];
        emit Transfer(from, to, id);
    }

    function _pay(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert TooLittle(0, amount);
    }
}
