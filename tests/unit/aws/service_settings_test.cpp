#include "providers/aws/service_settings.hpp"

#include <gtest/gtest.h>

#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

Result<ServiceSettings> settings(std::string_view config, const GivenVariables& given = {},
                                 Service service = Service::sts) {
    const auto files = files_of(config);
    return service_settings(service, *files, files->profile("default").value_or(SharedSection()),
                            *variables_of(given), "/home/me");
}

TEST(ServiceSettings, are_empty_where_nothing_says) {
    EXPECT_EQ(settings(""), ServiceSettings{});
    EXPECT_EQ(settings("[default]"), ServiceSettings{});
}

TEST(ServiceSettings, have_the_region_of_a_variable_before_the_profile) {
    EXPECT_EQ(settings("[default]\nregion = eu-west-1")->region, "eu-west-1");
    EXPECT_EQ(settings("[default]\nregion = eu-west-1", {{"AWS_REGION", "us-gov-west-1"}})->region,
              "us-gov-west-1");
}

TEST(ServiceSettings, refuse_a_region_that_would_lead_elsewhere) {
    EXPECT_EQ(settings("[default]\nregion = evil.example/").error(),
              (Error{Remedy::usage, "config:2: region is not the name of a region",
                     "a region is written like eu-central-1"}));
    EXPECT_EQ(settings("", {{"AWS_DEFAULT_REGION", "x@y"}}).error().what,
              "AWS_DEFAULT_REGION is not the name of a region");
    for (const auto* region : {"-a", "a-", "EU-WEST-1", "a b"})
        EXPECT_FALSE(settings("", {{"AWS_REGION", region}})) << region;
}

TEST(ServiceSettings, have_the_most_particular_endpoint) {
    const std::string config =
        "[default]\nendpoint_url = http://profile\nservices = local\n"
        "[services local]\nsts =\n  endpoint_url = http://services\n";
    const GivenVariables all{{"AWS_ENDPOINT_URL", "http://variable"}};
    const GivenVariables own{{"AWS_ENDPOINT_URL", "http://variable"},
                             {"AWS_ENDPOINT_URL_STS", "http://own"}};
    EXPECT_EQ(settings("[default]\nendpoint_url = http://profile")->endpoint_url, "http://profile");
    EXPECT_EQ(settings(config)->endpoint_url, "http://services");
    EXPECT_EQ(settings(config, {}, Service::sso)->endpoint_url, "http://profile");
    EXPECT_EQ(settings(config, all)->endpoint_url, "http://variable");
    EXPECT_EQ(settings(config, own)->endpoint_url, "http://own");
    EXPECT_EQ(settings(config, own, Service::sso_oidc)->endpoint_url, "http://variable");
}

TEST(ServiceSettings, pass_over_endpoints_that_are_turned_off) {
    EXPECT_EQ(settings("[default]\nendpoint_url = http://profile",
                       {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"},
                        {"AWS_ENDPOINT_URL_STS", "http://own"}})
                  ->endpoint_url,
              "");
    EXPECT_EQ(settings("[default]\nendpoint_url = http://profile\n"
                       "ignore_configured_endpoint_urls = true")
                  ->endpoint_url,
              "");
}

TEST(ServiceSettings, refuse_an_endpoint_that_is_no_address) {
    const std::string hint = "an address is written https://HOST or http://HOST";
    EXPECT_EQ(settings("[default]\nendpoint_url = ftp://x").error(),
              (Error{Remedy::usage, "config:2: endpoint_url is not an address", hint}));
    EXPECT_EQ(settings("", {{"AWS_ENDPOINT_URL_STS", "x"}}).error().what,
              "AWS_ENDPOINT_URL_STS is not an address");
    EXPECT_EQ(
        settings("[default]\nservices = s\n[services s]\nsts =\n endpoint_url = x").error().what,
        "config:4: the endpoint_url of sts is not an address");
    EXPECT_EQ(settings("[default]\nservices = s").error(),
              (Error{Remedy::usage, "config:2: services names a section that is not there",
                     "add it as [services NAME], or take the setting out"}));
}

TEST(ServiceSettings, have_the_variants_of_endpoints) {
    const auto by_profile = settings(
        "[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n"
        "sts_regional_endpoints = legacy\nca_bundle = ~/ca.pem");
    EXPECT_TRUE(by_profile->fips);
    EXPECT_TRUE(by_profile->dual_stack);
    EXPECT_EQ(by_profile->sts_endpoints, StsEndpoints::legacy);
    EXPECT_EQ(by_profile->certificates, "/home/me/ca.pem");
    const auto by_variables =
        settings("[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true",
                 {{"AWS_USE_FIPS_ENDPOINT", "false"},
                  {"AWS_STS_REGIONAL_ENDPOINTS", "regional"},
                  {"AWS_CA_BUNDLE", "/ca.pem"}});
    EXPECT_FALSE(by_variables->fips);
    EXPECT_TRUE(by_variables->dual_stack);
    EXPECT_EQ(by_variables->certificates, "/ca.pem");
    EXPECT_EQ(
        settings("[default]\nsts_regional_endpoints = local").error(),
        (Error{Remedy::usage, "config:2: sts_regional_endpoints is neither regional nor legacy",
               "write regional or legacy"}));
    EXPECT_EQ(settings("[default]\nuse_fips_endpoint = yes").error().what,
              "config:2: use_fips_endpoint is neither true nor false");
}

}  // namespace
}  // namespace hearth::providers::aws
