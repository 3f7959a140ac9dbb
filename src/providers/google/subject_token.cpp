#include "providers/google/subject_token.hpp"

#include <utility>
#include <vector>

#include "core/try.hpp"
#include "core/url.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/token_reply.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;

constexpr Span patience = 10s;

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::string whose_source(const std::string& place) {
    return ", which credential_source of " + place + " names";
}

// Its query may hold what is nobody's business.
std::string without_query(const std::string& url) {
    return oauth::printable(url.substr(0, url.find('?')), 200);
}

}  // namespace

Result<Secret> subject_in(std::string_view text, const SubjectFormat& format,
                          const std::string& where) {
    const auto wrong = [&](const std::string& what, std::string hint) {
        return std::unexpected(Error{Remedy::failed, where + " " + what, std::move(hint)});
    };
    const std::string writer = "what writes the token there has to run";
    if (trimmed(text).empty()) return wrong("is empty", writer);
    if (format.field.empty()) return Secret(trimmed(text));
    const auto document = json::Document::parse(text);
    if (!document)
        return wrong("holds no JSON object, and the format of its credential_source is json",
                     "a file that is nothing but the token has the format text");
    auto token = document->secret(format.field);
    const auto field = "'" + oauth::printable(format.field, 80) + "'";
    if (token) return *std::move(token);
    return wrong(document->has(format.field) ? "has no text in its member " + field
                                             : "has no member " + field,
                 "check subject_token_field_name of its credential_source");
}

SubjectResult subject_of_file(const FileSource& source, const std::string& place,
                              const Outside& outside) {
    auto looked = outside.material.file(source.file, longest_subject);
    if (!looked) return not_asked(std::move(looked).error());
    const auto content = *std::move(looked);
    if (!content)
        return not_asked({Remedy::failed, source.file + " is not there" + whose_source(place),
                          "what writes the token there has to run"});
    auto token = subject_in(content->reveal(), source.format, source.file);
    if (!token) return not_asked(std::move(token).error());
    return *std::move(token);
}

Result<> check_source_url(std::string_view what, const std::string& url, const std::string& place) {
    const auto name = std::string(what) + " of the credential_source in " + place;
    const auto parsed = Url::parse(url);
    if (!parsed)
        return std::unexpected(
            Error{Remedy::usage, name + " is " + parsed.error().what, parsed.error().hint});
    if (parsed->secure() || parsed->loopback() || parsed->machine_service()) return {};
    return std::unexpected(
        Error{Remedy::refused, name + " is plain http on " + parsed->host(), "use https"});
}

SubjectResult subject_of_url(const UrlSource& source, const std::string& place,
                             const Outside& outside, const std::stop_token& stop) {
    if (auto allowed = check_source_url("url", source.url, place); !allowed)
        return not_asked(std::move(allowed).error());
    HttpRequest request{.url = source.url, .headers = {}, .body = {}, .timeout = patience};
    std::vector<Secret> secrets;
    for (const auto& [name, value] : source.headers) {
        request.headers.push_back({name, std::string(value.reveal())});
        secrets.push_back(value.clone());
    }
    const auto where = without_query(source.url);
    const auto response = outside.http.send(std::move(request), stop);
    if (!response) return no_answer(response.error());
    if (response->status != 200)
        return answered(*response,
                        where + " answered " + std::to_string(response->status) +
                            oauth::ErrorReply::read(*response, secrets).shown() +
                            whose_source(place),
                        "check url and headers of its credential_source", outside.clock.now().wall);
    auto token = subject_in(response->body.reveal(), source.format, where);
    if (!token) return refused(std::move(token).error());
    return *std::move(token);
}

}  // namespace hearth::providers::google
