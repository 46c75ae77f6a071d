// Sample blocks that this project makes itself: own keys, own contracts, a chain of one block a fork. Every run makes
// the same bytes.
#pragma once

#include <string>
#include <vector>

namespace hocket::samples {

struct SampleBundle {
  std::string file_name;  // "3-cancun-pool-and-blobs.json"
  std::string json;
};

/// The bundles in the order of their blocks. All but one have a witness; that one has a prestate.
std::vector<SampleBundle> make_sample_bundles();

}  // namespace hocket::samples
