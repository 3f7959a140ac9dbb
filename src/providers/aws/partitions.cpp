#include "providers/aws/partitions.hpp"

#include <algorithm>
#include <array>

namespace hearth::providers::aws {
namespace {

struct Pattern {
    std::string_view prefix;
    Partition partition;
};

// What begins alike stands before what begins shorter.
constexpr std::array patterns{
    Pattern{
        "us-gov-",
        {"aws-us-gov", "amazonaws.com", "api.aws", "us-gov-west-1", "signin.amazonaws-us-gov.com"}},
    Pattern{"us-iso-",
            {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1", "signin.c2shome.ic.gov"}},
    Pattern{"us-isob-",
            {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1",
             "signin.sc2shome.sgov.gov"}},
    Pattern{"eu-isoe-",
            {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1",
             "signin.csphome.adc-e.uk"}},
    Pattern{"us-isof-",
            {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1",
             "signin.csphome.hci.ic.gov"}},
    Pattern{"eusc-de-",
            {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1",
             "signin.amazonaws-eusc.eu"}},
    Pattern{"cn-",
            {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1",
             "signin.amazonaws.cn"}},
};

constexpr Partition commercial{"aws", "amazonaws.com", "api.aws", "us-east-1",
                               "signin.aws.amazon.com"};
constexpr std::array<std::string_view, 9> commercial_areas{"us", "eu", "ap", "sa", "ca",
                                                           "me", "af", "il", "mx"};

bool letters(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}
bool digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "central-1"
bool direction_and_number(std::string_view text) {
    const auto dash = text.find('-');
    return dash != std::string_view::npos && letters(text.substr(0, dash)) &&
           digits(text.substr(dash + 1));
}

}  // namespace

Result<Partition> partition_of(std::string_view region) {
    for (const auto& pattern : patterns) {
        if (region.starts_with(pattern.prefix) &&
            direction_and_number(region.substr(pattern.prefix.size())))
            return pattern.partition;
    }
    const auto dash = std::min(region.find('-'), region.size());
    const bool known =
        std::ranges::find(commercial_areas, region.substr(0, dash)) != commercial_areas.end();
    if (known && dash < region.size() && direction_and_number(region.substr(dash + 1)))
        return commercial;
    return std::unexpected(
        Error{Remedy::usage, "'" + std::string(region) + "' is no region of AWS that hearth knows",
              "check region; for another one, give the service's endpoint_url"});
}

}  // namespace hearth::providers::aws
