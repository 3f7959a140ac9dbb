// Device sign-ins that wait for a person (RFC 8628).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/grants.hpp"

namespace hearth::sandbox {

struct DeviceRules {
    seconds lifetime{600};
    seconds interval{5};
    std::optional<int> approve_after_polls;  // Set: no person is needed.
};

struct DeviceSignIn {
    enum class State : std::uint8_t { waiting, allowed, denied, redeemed };
    std::string device_code;
    std::string user_code;
    Permission permission;
    State state = State::waiting;
    Instant expires_at;
    milliseconds interval{};
    std::optional<Instant> polled_at;
    int polls = 0;
};

class Devices {
  public:
    explicit Devices(DeviceRules rules) : rules_(rules) {}

    const DeviceSignIn& begin(Permission permission, Instant now);
    // By the code that the person types: letters of either case, dashes and spaces ignored. Nothing
    // when it has expired or was decided.
    DeviceSignIn* waiting(std::string_view user_code, Instant now);
    // RFC 8628 section 3.5: what a poll is told; the permission once it was given, and once only.
    Outcome<Permission> poll(std::string_view device_code, const std::string& client_id,
                             Instant now);
    [[nodiscard]] const DeviceRules& rules() const noexcept { return rules_; }

  private:
    DeviceRules rules_;
    std::deque<DeviceSignIn> sign_ins_;
};

}  // namespace hearth::sandbox
