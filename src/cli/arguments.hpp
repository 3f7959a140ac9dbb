// What was typed after a command's name, and what the command accepts there.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/error.hpp"

namespace hearth::cli {

using Words = std::span<const std::string_view>;

struct Option {
    std::string_view name;  // "--min-ttl"
    std::string_view
        value;  // What its value is called in the help; empty for an option without one.
    std::string_view meaning;  // For the help; lines are broken by hand.
};

// Every command takes these as well.
inline constexpr Option help_option{"--help", "", "show this"};
inline constexpr Option non_interactive_option{
    "--non-interactive", "", "never ask, never open a browser or a keychain dialog"};
// For those commands that have it.
inline constexpr Option json_option{"--json", "", "print JSON, the same from release to release"};

struct Grammar {
    std::string_view operands;  // "PROFILE", as the help shows them.
    std::size_t least = 0;      // How many operands there are.
    std::size_t most = 0;
    std::span<const Option> options;
    // Whether the operand may be left out where the project's file names a profile.
    bool projects_profile = false;
};

class Arguments {
  public:
    // Options stand anywhere, as --name VALUE or --name=VALUE; after -- everything is an operand.
    // Remedy::usage for what the grammar does not have.
    static Result<Arguments> parse(const Grammar& grammar, Words words);

    [[nodiscard]] bool has(std::string_view option) const noexcept;
    // The last one given.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view option) const noexcept;
    [[nodiscard]] std::vector<std::string_view> values(std::string_view option) const;
    // The operand at that place; empty when it was not given.
    [[nodiscard]] std::string_view operand(std::size_t place) const noexcept;
    [[nodiscard]] std::size_t operands() const noexcept { return operands_.size(); }
    // How many of them stand before a --; absent without one.
    [[nodiscard]] std::optional<std::size_t> before_dashes() const noexcept { return dashes_; }

  private:
    struct Given {
        std::string_view option;
        std::string_view value;
    };
    std::vector<Given> given_;
    std::vector<std::string_view> operands_;
    std::optional<std::size_t> dashes_;
};

}  // namespace hearth::cli
