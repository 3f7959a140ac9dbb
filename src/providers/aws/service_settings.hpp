#pragma once

#include <cstdint>
#include <string>

#include "providers/aws/shared_config.hpp"
#include "providers/aws/variables.hpp"

namespace hearth::providers::aws {

enum class StsEndpoints : std::uint8_t { regional, legacy };

// Where a service's requests go, and how.
struct ServiceSettings {
    std::string region;        // Empty where nothing says.
    std::string endpoint_url;  // Empty: the service's own in that region.
    bool fips = false;
    bool dual_stack = false;
    StsEndpoints sts_endpoints = StsEndpoints::regional;
    std::string certificates;  // A file of authorities; empty: the usual ones.
    bool operator==(const ServiceSettings&) const = default;
};

// What the variables and then the profile say for a service. Remedy::usage
// for a region that is none, an endpoint that is no address, or a value that its key cannot have.
Result<ServiceSettings> service_settings(Service service, const SharedConfig& files,
                                         const SharedSection& profile, const Variables& variables,
                                         std::string_view home);

}  // namespace hearth::providers::aws
