#include "providers/aws/request_signer.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "core/url.hpp"
#include "providers/aws/partitions.hpp"
#include "signing/base64.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view fips_end = "-fips";
constexpr auto bearer_lifetime = 12h;  // The longest that Bedrock takes.

// Hosts whose first label is not what requests to them are signed for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> named_otherwise{
    {{"bedrock-runtime", "bedrock"},
     {"bedrock-agent", "bedrock"},
     {"bedrock-agent-runtime", "bedrock"},
     {"bedrock-data-automation-runtime", "bedrock"}}};

std::string_view last_label(std::string_view labels) {
    return labels.substr(labels.rfind('.') + 1);  // All of it where there is no dot.
}

std::string service_of(std::string_view label) {
    if (label.ends_with(fips_end)) label.remove_suffix(fips_end.size());
    const auto* const found =
        std::ranges::find(named_otherwise, label, [](const auto& pair) { return pair.first; });
    return std::string(found == named_otherwise.end() ? label : found->second);
}

bool same_name(std::string_view left, std::string_view right) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(left, right, {}, lower, lower);
}

void put(std::vector<Header>& headers, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    std::erase_if(headers, [&](const Header& one) { return same_name(one.name, name); });
    headers.push_back({std::string(name), std::string(value)});
}

sigv4::Service rules_of(const SigningName& name) {
    if (name.service == "s3") return sigv4::Service::s3(name.region);
    return {.name = name.service, .region = name.region};
}

sigv4::Keys borrowed(const AwsKeys& keys) {
    return {.id = keys.access_key_id,
            .secret = keys.secret_access_key.reveal(),
            .session_token = keys.session_token.reveal()};
}

std::chrono::sys_seconds seconds_of(Instant now) {
    return std::chrono::floor<std::chrono::seconds>(now);
}

Result<> known(const SigningName& name, const std::string& host) {
    if (!name.service.empty() && !name.region.empty()) return {};
    const std::string missing = name.service.empty() ? "service" : "region";
    return std::unexpected(Error{
        Remedy::usage,
        "the name of " + host + " does not say which " + missing + " of AWS a signature is for",
        "name it: --" + missing + ", or " + missing + " of the profile"});
}

}  // namespace

SigningName signing_name(std::string_view host) {
    constexpr std::string_view of_all_regions = ".amazonaws.com";
    for (auto rest = host; !rest.empty();) {
        const auto label = rest.substr(0, rest.find('.'));
        const auto partition = partition_of(label);
        const auto before = host.substr(0, host.size() - rest.size());
        rest.remove_prefix(std::min(label.size() + 1, rest.size()));
        if (!partition || before.empty()) continue;
        if (rest != partition->dns_suffix && rest != partition->dual_stack_suffix) continue;
        return {.service = service_of(last_label(before.substr(0, before.size() - 1))),
                .region = std::string(label)};
    }
    if (!host.ends_with(of_all_regions)) return {};
    const auto label = last_label(host.substr(0, host.size() - of_all_regions.size()));
    return {.service = service_of(label), .region = "us-east-1"};
}

Result<> ServiceSigner::sign(Request& request, const AwsKeys& keys) const {
    const auto url = HEARTH_TRY(Url::parse(request.url));
    auto name = signing_name(url.host());
    if (!request.service.empty()) name.service = request.service;
    if (!request.region.empty()) name.region = request.region;
    if (name.service.empty()) name.service = otherwise_.service;
    if (name.region.empty()) name.region = otherwise_.region;
    HEARTH_CHECK(known(name, url.host()));
    std::vector<sigv4::HeaderView> headers;
    headers.reserve(request.headers.size());
    for (const auto& header : request.headers) headers.push_back({header.name, header.value});
    const auto origin = url.origin();
    const std::string_view target = url.target();
    const auto question = std::min(target.find('?'), target.size());
    const sigv4::Request wanted{.method = request.method,
                                .host = std::string_view(origin).substr(origin.find("//") + 2),
                                .path = target.substr(0, question),
                                .query = target.substr(std::min(question + 1, target.size())),
                                .headers = headers,
                                .body = request.body,
                                .payload_hash = request.payload_hash};
    const auto made = HEARTH_TRY(
        signer_.sign(wanted, borrowed(keys), rules_of(name), seconds_of(clock_.now().wall)));
    put(request.headers, "X-Amz-Date", made.date.view());
    put(request.headers, "X-Amz-Security-Token", keys.session_token.reveal());
    put(request.headers, "X-Amz-Content-Sha256", made.content_sha256.view());
    put(request.headers, "Authorization", made.authorization);
    return {};
}

Result<Secret> ServiceSigner::bearer(const AwsKeys& keys) const {
    const SigningName bedrock{.service = "bedrock", .region = otherwise_.region};
    if (bedrock.region.empty())
        return std::unexpected(Error{Remedy::usage,
                                     "a Bedrock API key is for one region, and none is named",
                                     "set region of the profile"});
    constexpr std::string_view host = "bedrock.amazonaws.com";
    constexpr std::string_view version = "&Version=1";  // Behind the signature, which has it not.
    const sigv4::Request wanted{
        .method = "POST", .host = host, .path = "/", .query = "Action=CallWithBearerToken"};
    const Secret query(HEARTH_TRY(signer_.presign(wanted, borrowed(keys), rules_of(bedrock),
                                                  seconds_of(clock_.now().wall), bearer_lifetime)));
    SecretBuilder address;
    address.append(host).append("/?").append(query.reveal()).append(version);
    SecretBuilder key;
    key.append("bedrock-api-key-").append(signing::base64(address.reveal()));
    return key.take();
}

}  // namespace hearth::providers::aws
