#include "sandbox/faults.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <charconv>

namespace hearth::sandbox {

namespace {

enum class Argument : std::uint8_t { none, number, text };

struct Known {
    std::string_view name;
    Misbehaviour::Kind kind;
    Argument argument;
    std::int64_t lowest;
    std::int64_t highest;
};

constexpr std::array known{
    Known{"status", Misbehaviour::Kind::status, Argument::number, 200, 599},
    Known{"retry-after", Misbehaviour::Kind::retry_after, Argument::number, 0, 1'000'000},
    Known{"delay", Misbehaviour::Kind::delay, Argument::number, 0, 3'600'000},
    Known{"delay-answer", Misbehaviour::Kind::delay_answer, Argument::number, 0, 3'600'000},
    Known{"drop-before", Misbehaviour::Kind::drop_before, Argument::none, 0, 0},
    Known{"drop-after", Misbehaviour::Kind::drop_after, Argument::none, 0, 0},
    Known{"truncate", Misbehaviour::Kind::truncate, Argument::none, 0, 0},
    Known{"garbage", Misbehaviour::Kind::garbage, Argument::none, 0, 0},
    Known{"content-type", Misbehaviour::Kind::content_type, Argument::text, 0, 0},
    Known{"skew", Misbehaviour::Kind::skew, Argument::number, -1'000'000'000, 1'000'000'000},
    Known{"invalid-grant", Misbehaviour::Kind::invalid_grant, Argument::none, 0, 0},
};

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::expected<Misbehaviour, std::string> parse_behaviour(std::string_view text) {
    const auto split = std::min(text.find_first_of("=:"), text.size());
    const auto name = text.substr(0, split);
    const auto argument = text.substr(std::min(split + 1, text.size()));
    const auto* entry = std::ranges::find(known, name, &Known::name);
    if (entry == std::ranges::end(known))
        return std::unexpected("there is no fault '" + std::string(name) + "'");
    if ((entry->argument == Argument::none) != argument.empty())
        return std::unexpected("'" + std::string(name) +
                               (argument.empty() ? "' needs a value" : "' takes no value"));
    Misbehaviour behaviour{.kind = entry->kind, .amount = 0, .text = std::string(argument)};
    if (entry->argument == Argument::number) {
        const auto number = number_of(argument);
        if (!number || *number < entry->lowest || *number > entry->highest)
            return std::unexpected("'" + std::string(argument) + "' is no value for '" +
                                   std::string(name) + "'");
        behaviour.amount = *number;
    }
    // A line break would end the header.
    if (argument.find_first_of("\r\n") != std::string_view::npos)
        return std::unexpected("the value has a line break");
    return behaviour;
}

}  // namespace

const std::vector<std::string_view>& endpoint_names() {
    static const std::vector<std::string_view> names = {
        "any", "discovery", "jwks", "authorize", "consent", "device", "verification", "token",
        "refresh", "register", "revoke", "introspect", "userinfo", "manual", "profile", "messages",
        "models", "home",
        // The AWS face's endpoints,
        "sts", "sso-register", "sso-device", "sso-authorize", "sso-token", "portal", "container",
        "imds-token", "imds", "bedrock",
        // the Google face's,
        "google_token", "google_revoke", "google_tokeninfo", "google_sts", "google_iam",
        "google_metadata", "google_gdch", "vertex",
        // and the actions of AWS's services.
        "AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken",
        "RegisterClient", "StartDeviceAuthorization", "CreateToken", "GetRoleCredentials",
        "ListAccounts", "ListAccountRoles", "Logout", "InvokeModel",
        "InvokeModelWithResponseStream"};
    return names;
}

std::expected<Fault, std::string> Fault::parse(std::string_view spec) {
    Fault fault;
    fault.spec = spec;
    if (const auto at = spec.rfind('@'); at != std::string_view::npos) {
        const auto count = number_of(spec.substr(at + 1));
        if (!count || *count < 1 || *count > 1'000'000)
            return std::unexpected("what follows '@' is not a count");
        fault.remaining = static_cast<int>(*count);
        spec = spec.substr(0, at);
    }
    const auto colon = spec.find(':');
    if (colon == std::string_view::npos)
        return std::unexpected("a fault is ENDPOINT:FAULT[=VALUE][@TIMES]");
    fault.endpoint = spec.substr(0, colon);
    if (std::ranges::find(endpoint_names(), fault.endpoint) == endpoint_names().end())
        return std::unexpected("there is no endpoint '" + fault.endpoint + "'");
    spec = spec.substr(colon + 1);
    do {
        const auto comma = std::min(spec.find(','), spec.size());
        auto behaviour = parse_behaviour(spec.substr(0, comma));
        if (!behaviour) return std::unexpected(behaviour.error());
        fault.behaviours.push_back(*std::move(behaviour));
        spec = spec.substr(std::min(comma + 1, spec.size()));
    } while (!spec.empty());
    return fault;
}

Faults::Taken Faults::take(const std::vector<std::string_view>& endpoints) {
    Taken taken;
    for (auto& fault : faults_) {
        const bool named = fault.endpoint == "any" ||
                           std::ranges::find(endpoints, fault.endpoint) != endpoints.end();
        if (!named || fault.remaining == 0) continue;
        if (fault.remaining) --*fault.remaining;
        taken.behaviours.insert(taken.behaviours.end(), fault.behaviours.begin(),
                                fault.behaviours.end());
        taken.specs.push_back(fault.spec);
    }
    std::erase_if(faults_, [](const Fault& fault) { return fault.remaining == 0; });
    return taken;
}

boost::json::array Faults::to_json() const {
    boost::json::array list;
    for (const auto& fault : faults_) {
        boost::json::object entry{
            {"spec", fault.spec}, {"endpoint", fault.endpoint}, {"remaining", nullptr}};
        if (fault.remaining) entry["remaining"] = *fault.remaining;
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace hearth::sandbox
