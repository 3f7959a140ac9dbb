#include "providers/google/aws_subject.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "core/url.hpp"
#include "json/object_writer.hpp"
#include "oauth/endpoint.hpp"
#include "providers/google/aws_instance.hpp"

namespace hearth::providers::google {
namespace {

constexpr const char* resource_header = "x-goog-cloud-target-resource";
constexpr std::string_view region_mark = "{region}";
constexpr std::string_view question = "Action=GetCallerIdentity&Version=2011-06-15";

std::string address_of(const std::string& verification_url, const std::string& region) {
    const std::string suffix = region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    auto url = verification_url.empty()
                   ? "https://sts.{region}." + suffix + "?" + std::string(question)
                   : verification_url;
    for (auto at = url.find(region_mark); at != std::string::npos; at = url.find(region_mark))
        url.replace(at, region_mark.size(), region);
    return url;
}

struct Place {
    std::string host;
    std::string path;
};

// Nothing but that one question is signed for whoever wrote the file.
Result<Place> place_of(const std::string& address) {
    const auto url = HEARTH_TRY(oauth::endpoint("regional_cred_verification_url", address));
    const auto origin = url.origin();
    const auto& target = url.target();
    const auto mark = std::min(target.find('?'), target.size());
    if (std::string_view(target).substr(std::min(mark + 1, target.size())) == question)
        return Place{.host = origin.substr(origin.find("://") + 3), .path = target.substr(0, mark)};
    return std::unexpected(
        Error{Remedy::refused,
              "regional_cred_verification_url asks for something else than who the caller is",
              "it ends with ?" + std::string(question)});
}

// Members in the order of their names, as Google's libraries write them.
Secret written(const std::string& address, const std::vector<Header>& headers) {
    SecretBuilder list;
    for (const auto& header : headers) {
        json::ObjectWriter one;
        one.text("key", header.name).text("value", header.value);
        list.append(list.size() == 0 ? "[" : ",").append(one.take().reveal());
    }
    list.append("]");
    json::ObjectWriter document;
    document.object("headers", list.take()).text("method", "POST").text("url", address);
    return document.take();
}

Secret percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain = "-._~/";
    SecretBuilder out;
    for (const char& c : text) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (letter || (c >= '0' && c <= '9') || plain.contains(c)) {
            out.append(std::string_view(&c, 1));
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        const std::array escape{'%', digits[octet >> 4U], digits[octet & 15U]};
        out.append(std::string_view(escape.data(), escape.size()));
    }
    return out.take();
}

}  // namespace

Result<Secret> aws_subject(const std::string& verification_url, const AwsKeys& keys,
                           const std::string& audience, const sigv4::Signer& signer, Instant at) {
    if (!is_aws_region(keys.region))
        return std::unexpected(Error{Remedy::usage,
                                     "nothing says in which region of AWS its keys are asked about",
                                     "set region in the profile of aws"});
    const auto address = address_of(verification_url, keys.region);
    const auto place = HEARTH_TRY(place_of(address));
    const std::array<sigv4::HeaderView, 1> extra{{{resource_header, audience}}};
    const auto token = keys.session_token.reveal();
    const auto made = HEARTH_TRY(signer.sign({.method = "POST",
                                              .host = place.host,
                                              .path = place.path,
                                              .query = question,
                                              .headers = extra,
                                              .body = {},
                                              .payload_hash = {}},
                                             {.id = keys.access_key_id,
                                              .secret = keys.secret_access_key.reveal(),
                                              .session_token = token},
                                             {.name = "sts", .region = keys.region},
                                             std::chrono::floor<std::chrono::seconds>(at)));
    std::vector<Header> headers{{"Authorization", made.authorization},
                                {"host", place.host},
                                {"x-amz-date", std::string(made.date.view())}};
    if (!token.empty()) headers.push_back({"x-amz-security-token", std::string(token)});
    headers.push_back({resource_header, audience});
    return percent_encoded(written(address, headers).reveal());
}

}  // namespace hearth::providers::google
