// SlotKey: which slot of which account.
#pragma once

#include "base/fixed_bytes.hpp"
#include "base/uint256.hpp"

namespace hocket {

struct SlotKey {
  Address account;
  u256 slot;

  friend bool operator==(const SlotKey&, const SlotKey&) = default;
};

}  // namespace hocket
