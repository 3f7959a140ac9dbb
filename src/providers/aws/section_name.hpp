#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "providers/aws/shared_file.hpp"

namespace hearth::providers::aws {

enum class SectionKind : std::uint8_t { unprefixed_default, profile, sso_session, services };

struct SectionName {
    SectionKind kind = SectionKind::profile;
    std::string_view name;
    std::string ignored;  // Why the section is passed over; empty where it counts.
};

// What stands between a section's brackets, without the blanks around it.
SectionName section_name(std::string_view text, SharedFileKind file);

}  // namespace hearth::providers::aws
