#include "providers/claude/aws_identity.hpp"

#include <optional>
#include <string>
#include <utility>

#include "hearth/sigv4.hpp"
#include "providers/aws/machine_keys.hpp"
#include "providers/aws/sts.hpp"

namespace hearth::providers::claude {
namespace {

using namespace std::chrono_literals;

constexpr const char* machine_server = "http://169.254.169.254";
constexpr auto machine_patience = 2s;

std::optional<aws::StaticKeys> given_keys(const Profile& profile, IdentityMaterial& material) {
    const auto names = profile.federation->identity.variables();
    auto id = material.variable(profile.name, names.at(0));
    auto secret = material.variable(profile.name, names.at(1));
    if (!id || !secret || id->empty() || secret->empty()) return {};
    auto session_token = material.variable(profile.name, names.at(2));
    return aws::StaticKeys{.access_key_id = std::string(id->reveal()),
                           .secret_access_key = *std::move(secret),
                           .session_token = session_token ? *std::move(session_token) : Secret(),
                           .account_id = {}};
}

// "eu-central-1", and after another colon a server in the place of AWS's own.
struct Place {
    aws::ServiceSettings service;
    aws::InstanceMetadata machine;
};

Place place_of(const IdentitySource& source) {
    const auto colon = source.what.find(':');
    Place place{.service = {.region = source.what.substr(0, colon)},
                .machine = {.endpoint = machine_server, .timeout = machine_patience}};
    if (colon == std::string::npos) return place;
    auto server = source.what.substr(colon + 1);
    while (server.ends_with('/')) server.pop_back();
    place.service.endpoint_url = server + "/";
    place.machine.endpoint = std::move(server);
    return place;
}

aws::KeysResult machine_keys(const aws::InstanceMetadata& machine, const Ports& ports,
                             const std::stop_token& stop) {
    auto keys = aws::instance_keys(machine, ports.http, ports.random, ports.clock.now().wall, stop);
    if (keys) return keys;
    keys.error().error.what =
        "AWS is asked for an identity token with keys, and there are none: nobody who asked had "
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and this machine has no role (" +
        keys.error().error.what + ")";
    keys.error().error.hint = "give the machine a role, or ask from where the variables are set";
    return keys;
}

}  // namespace

Result<Assertion> aws_identity(const Profile& profile, IdentityMaterial& material,
                               const Ports& ports, const std::stop_token& stop) {
    const auto place = place_of(profile.federation->identity);
    auto caller = given_keys(profile, material);
    if (!caller) {
        auto keys = machine_keys(place.machine, ports, stop);
        if (!keys) return std::unexpected(std::move(keys).error().error);
        caller = std::move(keys->keys);
    }
    const sigv4::Signer signer;
    auto token =
        aws::Sts(ports.http, ports.clock, signer)
            .web_identity_token(place.service, profile.federation->audience, *caller, stop);
    if (token) return Assertion::parse(token->reveal(), "the identity token from AWS");
    auto failure = std::move(token).error();
    if (failure.kind == aws::KeysFailure::Kind::refused)
        failure.error.hint =
            "the account has to have outbound web identity federation enabled, and these keys the "
            "permission sts:GetWebIdentityToken";
    return std::unexpected(std::move(failure.error));
}

}  // namespace hearth::providers::claude
