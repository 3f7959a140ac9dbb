#pragma once

#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "providers/aws/service_settings.hpp"

namespace hearth::providers::aws {

// Where the service is, and for which region a request to it is signed.
struct StsPlace {
    std::string url;
    std::string region;
};
// Remedy::usage for a region that hearth cannot make a host name of.
Result<StsPlace> sts_place(const ServiceSettings& settings);

// The account that an ARN names; empty where it names none.
std::string account_in(std::string_view arn);

}  // namespace hearth::providers::aws
