// StateTestView: the pre-state of a state test. Its ancestors' hashes are what those tests agree on: keccak256 of the
// block number's decimal digits.
#pragma once

#include "crypto/keccak.hpp"
#include "state/forwarding_view.hpp"

#include <string>

namespace hocket {

class StateTestView final : public ForwardingView {
 public:
  using ForwardingView::ForwardingView;

  StateRead<Hash32> block_hash(std::uint64_t number) const override {
    return keccak256(as_bytes(std::to_string(number)));
  }
};

}  // namespace hocket
