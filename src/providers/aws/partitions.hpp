#pragma once

#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth::providers::aws {

// A part of AWS with accounts, regions and host names of its own.
struct Partition {
    std::string_view name;  // As in an ARN.
    std::string_view dns_suffix;
    std::string_view dual_stack_suffix;
    std::string_view default_region;
    std::string_view sign_in_suffix;  // After the region, of the console's sign-in.
};

// The partition that a region is of. Remedy::usage for a name that is of none: a host that is built
// from it could be anybody's.
Result<Partition> partition_of(std::string_view region);

}  // namespace hearth::providers::aws
