#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/value.hpp"
#include "core/name.hpp"

namespace hearth::config {

// Which setting a dotted key means. A profile's name may hold dots, so a path is read from both
// ends.
struct KeyPath {
    enum class Section : std::uint8_t {
        store,
        network,
        limits,
        profile,
        authorize_parameter,
        sink
    };
    Section section = Section::store;
    std::string profile;  // Or the sink.
    std::string name;
    Form form = Form::text;

    // Remedy::usage, with the nearest known key as the hint.
    static Result<KeyPath> parse(std::string_view key);
    // The tables that lead to it.
    [[nodiscard]] std::vector<std::string> tables() const;
    // What is wrong with the value, if anything; the error names the key.
    [[nodiscard]] Result<> check(const Value& value) const;
};

// The key of a profile, where `scope` means scopes and authorize_parameters.NAME one of those.
Result<KeyPath> profile_key(const std::string& profile, std::string_view key);

}  // namespace hearth::config
