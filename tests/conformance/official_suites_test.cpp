// The official suites: state, blockchain, transaction and VM tests of every fork that Hocket executes.
#include "conformance/official_suites.hpp"

#include <gtest/gtest.h>

namespace hocket {
namespace {

class OfficialSuites : public ::testing::TestWithParam<OfficialSuite> {};

TEST_P(OfficialSuites, EveryTestPasses) { run_official_suite(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Packs, OfficialSuites, ::testing::ValuesIn(official_suites()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace hocket
