#include "providers/aws/sts_place.hpp"

#include "core/try.hpp"
#include "providers/aws/partitions.hpp"

namespace hearth::providers::aws {

Result<StsPlace> sts_place(const ServiceSettings& settings) {
    constexpr const char* first_region = "us-east-1";
    const auto region = settings.region.empty() ? std::string(first_region) : settings.region;
    if (!settings.endpoint_url.empty()) return StsPlace{settings.endpoint_url, region};
    const auto partition = HEARTH_TRY(partition_of(region));
    const bool everywhere =
        settings.region.empty() || settings.sts_endpoints == StsEndpoints::legacy;
    if (everywhere && !settings.fips && !settings.dual_stack && partition.name == "aws")
        return StsPlace{"https://sts.amazonaws.com/", first_region};
    const std::string service = settings.fips ? "sts-fips" : "sts";
    const auto suffix = settings.dual_stack ? partition.dual_stack_suffix : partition.dns_suffix;
    return StsPlace{"https://" + service + "." + region + "." + std::string(suffix) + "/", region};
}

std::string account_in(std::string_view arn) {
    for (int field = 0; field < 4; ++field) {
        const auto colon = arn.find(':');
        if (colon == std::string_view::npos) return {};
        arn.remove_prefix(colon + 1);
    }
    const auto account = arn.substr(0, arn.find(':'));
    constexpr std::string_view digits = "0123456789";
    return account.find_first_not_of(digits) == std::string_view::npos ? std::string(account)
                                                                       : std::string();
}

}  // namespace hearth::providers::aws
