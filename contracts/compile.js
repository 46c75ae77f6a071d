// Compiles the contracts of this folder with a given soljson.js (Solidity's compiler as published in npm's `solc`) and
// writes, for each contract that can be deployed, NAME.bin (creation code in hex) and NAME.abi.json.
// Only the compiler's own JSON interface is used, so that nothing but that one file is needed.
//   node compile.js SOLJSON OUTPUT_FOLDER
// Run by scripts/build-contracts.
'use strict';

const fs = require('fs');
const path = require('path');

const [soljson, output] = process.argv.slice(2);
if (!soljson || !output) {
  console.error('usage: node compile.js SOLJSON OUTPUT_FOLDER');
  process.exit(2);
}

// The contracts lie in this folder; interfaces/ and libraries/ hold what they import and nothing that is deployed.
const sources = {};
for (const folder of ['', 'interfaces', 'libraries']) {
  for (const file of fs.readdirSync(path.join(__dirname, folder)).sort()) {
    const name = path.posix.join(folder, file);
    if (name.endsWith('.sol')) sources[name] = { content: fs.readFileSync(path.join(__dirname, name), 'utf8') };
  }
}

const input = {
  language: 'Solidity',
  sources,
  settings: {
    evmVersion: 'prague',
    viaIR: false,
    optimizer: { enabled: true, runs: 10000 },
    // Code that depends on nothing but the sources' meaning: no hash of comments and paths behind it.
    metadata: { appendCBOR: false, bytecodeHash: 'none' },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
};

const compiler = require(path.resolve(soljson));
const compile = compiler.cwrap('solidity_compile', 'string', ['string', 'number', 'number']);
const result = JSON.parse(compile(JSON.stringify(input), 0, 0));

// 5159 warns of selfdestruct, which a workload is about. All other warnings count as errors.
const problems = (result.errors || []).filter((problem) => problem.errorCode !== '5159');
for (const problem of problems) console.error(problem.formattedMessage);
if (problems.length > 0) process.exit(1);

fs.mkdirSync(output, { recursive: true });
for (const file of Object.keys(sources)) {
  if (file.includes('/')) continue;
  for (const [name, contract] of Object.entries(result.contracts[file] || {})) {
    const code = contract.evm.bytecode.object;
    if (code === '') continue;  // an interface or abstract
    fs.writeFileSync(path.join(output, name + '.bin'), code + '\n');
    fs.writeFileSync(path.join(output, name + '.abi.json'), JSON.stringify(contract.abi, null, 1) + '\n');
  }
}
process.exit(0);  // the compiler's module keeps the process alive otherwise
