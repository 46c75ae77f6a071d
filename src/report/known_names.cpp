#include "report/known_names.hpp"

namespace hocket::report {
namespace {

constexpr KnownContract kContracts[] = {
    // Tokens
    {"0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "WETH"},
    {"0xdAC17F958D2ee523a2206206994597C13D831ec7", "USDT"},
    {"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", "USDC"},
    {"0x6B175474E89094C44Da98b954EedeAC495271d0F", "DAI"},
    {"0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599", "WBTC"},
    {"0x514910771AF9Ca656af840dff83E8264EcF986CA", "LINK"},
    {"0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", "UNI"},
    {"0x95aD61b0a150d79219dCF64E1E6Cc01f0B64C4cE", "SHIB"},
    {"0x6982508145454Ce325dDbE47a25d4ec3d2311933", "PEPE"},
    {"0xae7ab96520DE3A18E5e111B5EaAb095312D7fE84", "stETH"},
    {"0x7D1AfA7B718fb893dB30A3aBc0Cfc608AaCfeBB0", "MATIC"},
    {"0x4d224452801ACEd8B2F0aebE155379bb5D594381", "APE"},
    {"0xB8c77482e45F1F44dE1745F52C74426C631bDD52", "BNB"},
    {"0x9f8F72aA9304c8B593d555F12eF6589cC3A579A2", "MKR"},
    {"0xD533a949740bb3306d119CC777fa900bA034cd52", "CRV"},
    // Trading
    {"0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D", "Uniswap V2 router"},
    {"0xE592427A0AEce92De3Edee1F18E0157C05861564", "Uniswap V3 router"},
    {"0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45", "Uniswap router 2"},
    {"0xEf1c6E67703c7BD7107eed8303Fbe6EC2554BF6B", "Uniswap universal router"},
    {"0x3fC91A3afd70395Cd496C647d5a6CC9D4B2b7FAD", "Uniswap universal router 2"},
    {"0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc", "Uniswap V2 USDC/WETH"},
    {"0x0d4a11d5EEaaC28EC3F61d100daF4d40471f1852", "Uniswap V2 WETH/USDT"},
    {"0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640", "Uniswap V3 USDC/WETH 0.05 %"},
    {"0xd9e1cE17f2641f24aE83637ab66a2cca9C378B9F", "SushiSwap router"},
    {"0x1111111254fb6c44bAC0beD2854e76F90643097d", "1inch router 4"},
    {"0x1111111254EEB25477B68fb85Ed929f73A960582", "1inch router 5"},
    {"0xDef1C0ded9bec7F1a1670819833240f027b25EfF", "0x exchange proxy"},
    {"0x8d12A197cB00D4747a1fe03395095ce2A5CC6819", "EtherDelta"},
    {"0x2a0c0DBEcC7E4D658f48E01e3fA353F44050c208", "IDEX"},
    {"0x000000000022D473030F116dDEE9F6B43aC78BA3", "Permit2"},
    // Collectibles
    {"0x7Be8076f4EA4A4AD08075C2508e481d6C946D12b", "OpenSea Wyvern"},
    {"0x00000000006c3852cbEf3e08E8dF289169EdE581", "Seaport 1.1"},
    {"0x00000000000000ADc04C56Bf30aC9d3c0aAF14dC", "Seaport 1.5"},
    {"0x000000000000Ad05Ccc4F10045630fb830B95127", "Blur"},
    {"0x06012c8cf97BEaD5deAe237070F9587f8E7A266d", "CryptoKitties"},
    // Lending and the chain's own
    {"0x7d2768dE32b0b80b7a3454c06BdAc94A69DDc7A9", "Aave V2 pool"},
    {"0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2", "Aave V3 pool"},
    {"0x4Ddc2D193948926D02f9B1fE9e1daa0718270ED5", "Compound cETH"},
    {"0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e", "ENS registry"},
    {"0x06450dEe7FD2Fb8E39061434BAbCFC05599a6Fb8", "XEN"},
    {"0x00000000219ab540356cBB839Cbe05303d7705Fa", "beacon deposit"},
    {"0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02", "beacon roots"},
    {"0x0000F90827F1C53a10cb7A02335B175320002935", "block hashes"},
};

constexpr std::string_view kSignatures[] = {
    // ERC-20, ERC-721, ERC-1155, WETH
    "transfer(address,uint256)",
    "transferFrom(address,address,uint256)",
    "approve(address,uint256)",
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    "increaseAllowance(address,uint256)",
    "mint(address,uint256)",
    "mint(uint256)",
    "burn(uint256)",
    "deposit()",
    "withdraw(uint256)",
    "safeTransferFrom(address,address,uint256)",
    "safeTransferFrom(address,address,uint256,bytes)",
    "safeTransferFrom(address,address,uint256,uint256,bytes)",
    "setApprovalForAll(address,bool)",
    // Constant-product and concentrated liquidity
    "swapExactETHForTokens(uint256,address[],address,uint256)",
    "swapExactETHForTokensSupportingFeeOnTransferTokens(uint256,address[],address,uint256)",
    "swapExactTokensForETH(uint256,uint256,address[],address,uint256)",
    "swapExactTokensForETHSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)",
    "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)",
    "swapTokensForExactTokens(uint256,uint256,address[],address,uint256)",
    "swapTokensForExactETH(uint256,uint256,address[],address,uint256)",
    "swapETHForExactTokens(uint256,address[],address,uint256)",
    "addLiquidityETH(address,uint256,uint256,uint256,address,uint256)",
    "removeLiquidityETH(address,uint256,uint256,uint256,address,uint256)",
    "addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)",
    "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))",
    "exactInput((bytes,address,uint256,uint256,uint256))",
    "multicall(bytes[])",
    "multicall(uint256,bytes[])",
    "execute(bytes,bytes[],uint256)",
    "execute(bytes,bytes[])",
    "swap(uint256,uint256,address,bytes)",
    "swap(address,bool,int256,uint160,bytes)",
    "flashLoan(address,address,uint256,bytes)",
    // Lending, names, claims, wallets
    "supply(address,uint256,address,uint16)",
    "borrow(address,uint256,uint256,uint16,address)",
    "repay(address,uint256,uint256,address)",
    "liquidationCall(address,address,address,uint256,bool)",
    "register(string,address,uint256,bytes32)",
    "setOwner(bytes32,address)",
    "claim()",
    "claim(uint256)",
    "claimRank(uint256)",
    "stake(uint256)",
    "unstake(uint256)",
    "getReward()",
    "exit()",
    "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
    "handleOps((address,uint256,bytes,bytes,uint256,uint256,uint256,uint256,uint256,bytes,bytes)[],address)",
    "sendMultiSig(address,uint256,bytes,uint256,uint256,bytes)",
    // Collectibles
    "atomicMatch_(address[14],uint256[18],uint8[8],bytes,bytes,bytes,bytes,bytes,bytes,uint8[2],bytes32[5])",
    ")",
    "giveBirth(uint256)",
    "bid(uint256)",
    "createSaleAuction(uint256,uint256,uint256,uint256)",
    "breedWithAuto(uint256,uint256)",
};

}  // namespace

std::span<const KnownContract> known_contracts() noexcept { return kContracts; }
std::span<const std::string_view> known_signatures() noexcept { return kSignatures; }

}  // namespace hocket::report
