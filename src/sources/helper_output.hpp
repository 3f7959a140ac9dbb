// A helper: a command that a profile's settings name, and that prints the credential.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "sources/command.hpp"

namespace hearth::sources {

// Why a helper gave nothing.
struct HelperTrouble {
    enum class Kind : std::uint8_t {
        not_started,
        exited,  // With a status that is not 0.
        signalled,
        time_limit,
        stopped,
        nothing,     // It printed nothing,
        no_token,    // or what cannot be a token,
        no_keys,     // or keys of AWS,
        expired,     // or what is no longer good.
        same_again,  // What it prints is what a server has just rejected.
        nobody,      // None of those who wait for it can run it.
        busy,        // Another process has been running it for too long.
    };
    Kind kind = Kind::not_started;
    int status = 0;  // The exit status, or the signal.

    bool operator==(const HelperTrouble&) const = default;
};
std::string_view to_string(HelperTrouble::Kind kind) noexcept;
std::optional<HelperTrouble::Kind> parse_trouble(std::string_view name) noexcept;

using HelperOutput = std::expected<Secret, HelperTrouble>;

// What a helper is to print.
enum class Prints : std::uint8_t {
    token,
    // From here on a JSON object; what is in it is for others to judge.
    keys,           // Of AWS.
    subject_token,  // To be exchanged at Google.
};
std::string_view to_string(Prints prints) noexcept;
// Prints::token for a word that is none of them.
Prints parse_prints(std::string_view word) noexcept;
inline constexpr std::size_t most_keys = 64UL * 1024;

// What a run has come to.
HelperOutput output_of(const Result<CommandEnd>& end, Prints prints = Prints::token);
// The token in what a helper printed.
HelperOutput token_of(const Secret& printed);

// Where a helper is named.
struct HelperPlace {
    std::string_view profile;
    std::string_view setting;
    std::string_view file;  // And line, where that is none of hearth's.
};
// For whoever asked: names the place, and nothing of the output.
Error error_of(const HelperTrouble& trouble, const HelperPlace& place);
// "exit status 3", "printed no token"; for people.
std::string describe(const HelperTrouble& trouble);

// The program that a command line begins with: all of it that is shown, because what follows may be
// secret. Empty where that cannot be told.
std::string program_of(std::string_view command);

}  // namespace hearth::sources
