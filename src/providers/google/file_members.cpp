#include "providers/google/file_members.hpp"

#include <algorithm>

#include "core/try.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::string_view anew = "take the file as Google's console or gcloud wrote it";

// What may go into a header or a request as it is.
bool on_one_line(std::string_view text) {
    return std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

FileMembers FileMembers::inner(std::string_view name) const {
    return {object_.object(name), rules_, full_name(name) + "."};
}

std::string FileMembers::full_name(std::string_view name) const {
    return within_ + std::string(name);
}

Error FileMembers::wrong(std::string_view name, std::string_view what,
                         std::string_view hint) const {
    return Error{Remedy::usage, rules_.place + ": " + full_name(name) + " " + std::string(what),
                 std::string(hint)};
}

Error FileMembers::missing(std::string_view name) const {
    return wrong(name, object_.has(name) ? "is empty or no text" : "is missing", anew);
}

Result<std::string> FileMembers::text(std::string_view name) const {
    auto text = object_.text(name);
    if (!on_one_line(text))
        return std::unexpected(wrong(name, "has a control character in it", anew));
    return text;
}

Result<std::string> FileMembers::needed(std::string_view name) const {
    auto text = HEARTH_TRY(this->text(name));
    if (text.empty()) return std::unexpected(missing(name));
    return text;
}

Result<Secret> FileMembers::secret(std::string_view name) const {
    auto secret = object_.secret(name);
    return secret ? *std::move(secret) : Secret();
}

Result<Secret> FileMembers::needed_secret(std::string_view name) const {
    auto secret = object_.secret(name);
    if (!secret) return std::unexpected(missing(name));
    return *std::move(secret);
}

Result<std::int64_t> FileMembers::number(std::string_view name, std::int64_t least,
                                         std::int64_t most, std::int64_t otherwise) const {
    if (!object_.has(name)) return otherwise;
    const auto number = object_.number(name);
    if (!number || *number < least || *number > most)
        return std::unexpected(wrong(
            name, "is no number from " + std::to_string(least) + " to " + std::to_string(most),
            "mend it in the file"));
    return *number;
}

Result<std::string> FileMembers::path(std::string_view name) const {
    auto path = HEARTH_TRY(text(name));
    if (!path.empty() && !path.starts_with('/'))
        return std::unexpected(
            wrong(name, "is a relative path, which is another file to each program that reads it",
                  "write it out from /"));
    return path;
}

Result<std::string> FileMembers::service(std::string_view name, std::string_view otherwise) const {
    auto url = HEARTH_TRY(text(name));
    if (url.empty()) return std::string(otherwise);
    HEARTH_CHECK(check_service_url(full_name(name), url, rules_));
    return url;
}

}  // namespace hearth::providers::google
