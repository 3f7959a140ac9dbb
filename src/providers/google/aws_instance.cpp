#include "providers/google/aws_instance.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "json/document.hpp"
#include "providers/google/subject_token.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;

// The service is on the machine itself.
constexpr Span patience = 2s;
constexpr const char* session_lifetime = "300";  // In seconds; it is used at once.
constexpr std::string_view session_header = "x-aws-ec2-metadata-token";

template <class T>
using Fetched = std::expected<T, TokenFailure>;

bool is_line(std::string_view text) {
    return !text.empty() && text.size() < 2048 &&
           text.find_first_of("\r\n\t ") == std::string_view::npos;
}

// Asks the instance's metadata service, as one file describes it.
class Instance {
  public:
    Instance(const AwsSource& source, const std::string& place, const Outside& outside,
             const std::stop_token& stop)
        : source_(source), place_(place), outside_(outside), stop_(stop) {}

    Fetched<std::string> region();
    Fetched<AwsKeys> keys();

  private:
    Fetched<Secret> ask(std::string_view member, HttpRequest request);
    Fetched<Secret> look_up(std::string_view member, const std::string& url);
    Fetched<std::vector<Header>> proof();

    const AwsSource& source_;
    const std::string& place_;
    const Outside& outside_;
    const std::stop_token& stop_;
    std::optional<std::vector<Header>> proof_;
};

Fetched<Secret> Instance::ask(std::string_view member, HttpRequest request) {
    if (auto allowed = check_source_url(member, request.url, place_); !allowed)
        return not_asked(std::move(allowed).error());
    request.timeout = patience;
    auto response = outside_.http.send(std::move(request), stop_);
    if (!response) return no_answer(std::move(response).error());
    if (response->status == 200) return std::move(response->body);
    const bool wants_session = response->status == 401 && source_.imdsv2_session_token_url.empty();
    return answered(*response,
                    "the instance metadata service of AWS answered " +
                        std::to_string(response->status) + " at " + std::string(member) + " of " +
                        place_,
                    wants_session ? "make the file anew with --enable-imdsv2"
                                  : "give the instance a role, and check credential_source",
                    outside_.clock.now().wall);
}

// What each look shows, where the file says that the service wants it.
Fetched<std::vector<Header>> Instance::proof() {
    if (proof_) return *proof_;
    std::vector<Header> headers;
    if (!source_.imdsv2_session_token_url.empty()) {
        const auto token =
            ask("imdsv2_session_token_url",
                {.method = "PUT",
                 .url = source_.imdsv2_session_token_url,
                 .headers = {{"X-aws-ec2-metadata-token-ttl-seconds", session_lifetime}},
                 .body = {}});
        if (!token) return std::unexpected(token.error());
        if (!is_line(token->reveal()))
            return refused({Remedy::failed,
                            "what answers at imdsv2_session_token_url of " + place_ +
                                " is no instance metadata service",
                            "check credential_source"});
        headers.push_back({std::string(session_header), std::string(token->reveal())});
    }
    proof_ = std::move(headers);
    return *proof_;
}

Fetched<Secret> Instance::look_up(std::string_view member, const std::string& url) {
    auto headers = proof();
    if (!headers) return std::unexpected(std::move(headers).error());
    return ask(member, {.url = url, .headers = *std::move(headers), .body = {}});
}

Fetched<std::string> Instance::region() {
    for (const auto* const name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
        auto named = outside_.material.variable(name);
        if (named && is_aws_region(*named)) return *std::move(named);
        if (named)
            return not_asked({Remedy::usage, std::string(name) + " is no region of AWS",
                              "set it to one, such as eu-central-1"});
    }
    if (source_.region_url.empty())
        return not_asked({Remedy::usage,
                          "nothing says in which region of AWS this is: credential_source of " +
                              place_ + " has no region_url",
                          "set AWS_REGION where hearth's agent is started"});
    const auto zone = look_up("region_url", source_.region_url);
    if (!zone) return std::unexpected(zone.error());
    // "us-east-2b" is a zone of us-east-2.
    const auto text = zone->reveal();
    auto region = std::string(text.substr(0, text.empty() ? 0 : text.size() - 1));
    if (is_aws_region(region)) return region;
    return refused({Remedy::failed, "what region_url of " + place_ + " answers is no zone of AWS",
                    "check credential_source"});
}

Fetched<AwsKeys> Instance::keys() {
    if (source_.url.empty())
        return not_asked({Remedy::usage,
                          "credential_source of " + place_ + " does not say where keys of AWS are",
                          "make the file anew, or let the profile have a base_profile of aws"});
    auto url = source_.url;
    while (url.ends_with('/')) url.pop_back();
    const auto role = look_up("url", source_.url);
    if (!role) return std::unexpected(role.error());
    if (!is_line(role->reveal()))
        return refused({Remedy::failed, "the instance has no role", "give the instance a role"});
    const auto answer = look_up("url", url + "/" + std::string(role->reveal()));
    if (!answer) return std::unexpected(answer.error());
    const auto body = json::Document::parse(answer->reveal());
    auto secret = body ? body->secret("SecretAccessKey") : std::nullopt;
    if (!secret || body->text("AccessKeyId").empty())
        return refused(
            {Remedy::failed,
             "the instance metadata service of AWS answered without keys at url of " + place_,
             "check the instance's role"});
    return AwsKeys{.access_key_id = body->text("AccessKeyId"),
                   .secret_access_key = *std::move(secret),
                   .session_token = body->secret("Token").value_or(Secret()),
                   .account_id = {},
                   .region = {}};
}

}  // namespace

bool is_aws_region(std::string_view text) noexcept {
    return !text.empty() && text.size() < 64 &&
           std::ranges::all_of(
               text,
               [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Fetched<AwsKeys> instance_aws_keys(const AwsSource& source, const std::string& place,
                                   const Outside& outside, const std::stop_token& stop) {
    Instance instance(source, place, outside, stop);
    auto region = instance.region();
    if (!region) return std::unexpected(std::move(region).error());
    auto keys = instance.keys();
    if (keys) keys->region = *std::move(region);
    return keys;
}

}  // namespace hearth::providers::google
