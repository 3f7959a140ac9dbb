// From a profile's name, the two files and the variables to a plan: where credentials come from.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "providers/aws/plan.hpp"
#include "providers/aws/shared_config.hpp"
#include "providers/aws/variables.hpp"

namespace hearth::providers::aws {

struct Question {
    const SharedConfig& files;
    const Variables& variables;
    std::string_view home;  // What ~ stands for.
    // A profile that somebody named: the variables with keys and identity tokens do not count then.
    // Empty: the one that the variables name, else "default".
    std::optional<std::string_view> profile;
};

// The first way that the configuration has something for, in the order of `ways`. Remedy::usage
// when that way's settings contradict each other, lack something or cannot be, with the place and
// what to do, and when nothing is configured at all.
Result<Plan> plan(const Question& question);

// One row of the order: docs/aws.md has the same table, and a test compares the two.
struct WayName {
    std::string_view name;
    std::string_view trigger;
};
std::span<const WayName> ways() noexcept;

// Roles that rest on roles: so many profiles at most.
inline constexpr std::size_t longest_chain = 100;

}  // namespace hearth::providers::aws
