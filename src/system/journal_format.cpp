#include "system/journal_format.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>

#include "core/try.hpp"

namespace hearth::system {
namespace {

namespace json = boost::json;
using session::Journal;

constexpr std::int64_t format = 1;

json::value write(const Version& version) {
    return {{"lineage", version.lineage}, {"counter", version.counter}};
}

std::int64_t write(Instant instant) { return instant.time_since_epoch().count(); }

// The readers throw, which parse_journal turns into an error.
Version read_version(const json::value& value) {
    return {.lineage = value.at("lineage").as_string().c_str(),
            .counter = value.at("counter").to_number<std::uint64_t>()};
}

Instant read_instant(const json::value& value) {
    return Instant(Span(value.to_number<std::int64_t>()));
}

Journal::Intent read_intent(const json::value& value) {
    return {.version = read_version(value.at("version")),
            .attempt = value.at("attempt").to_number<std::uint32_t>(),
            .at = read_instant(value.at("at"))};
}

std::string read_text(const json::value& value) { return std::string(value.as_string()); }

template <class T>
std::optional<T> read_if_there(const json::object& object, std::string_view key,
                               T (*read)(const json::value&)) {
    const auto* const value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    return read(*value);
}

Journal read_journal(const json::object& object) {
    return {.stored = read_version(object.at("stored")),
            .intent = read_if_there(object, "intent", read_intent),
            .failures = object.at("failures").to_number<std::uint32_t>(),
            .not_before = read_if_there(object, "not_before", read_instant),
            .forced = read_if_there(object, "forced", read_version),
            .sign_in_needed = read_if_there(object, "sign_in_needed", read_text),
            .renewed_at = read_if_there(object, "renewed_at", read_instant),
            .renewed_by = object.at("renewed_by").to_number<std::int64_t>(),
            .last_error = read_text(object.at("last_error"))};
}

// An error may quote what is not UTF-8, such as a path; a journal with that in it could not be read
// again.
std::string utf8(const std::string& text) {
    json::error_code problem;
    (void)json::parse(json::serialize(json::string(text)), problem);
    std::string plain = text;
    if (problem) {
        std::ranges::replace_if(
            plain, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    }
    return plain;
}

}  // namespace

std::string write_journal(const Journal& journal) {
    json::object object{{"format", format}, {"stored", write(journal.stored)}};
    if (journal.intent) {
        object["intent"] = {{"version", write(journal.intent->version)},
                            {"attempt", journal.intent->attempt},
                            {"at", write(journal.intent->at)}};
    }
    object["failures"] = journal.failures;
    if (journal.not_before) object["not_before"] = write(*journal.not_before);
    if (journal.forced) object["forced"] = write(*journal.forced);
    if (journal.sign_in_needed) object["sign_in_needed"] = utf8(*journal.sign_in_needed);
    if (journal.renewed_at) object["renewed_at"] = write(*journal.renewed_at);
    object["renewed_by"] = journal.renewed_by;
    object["last_error"] = utf8(journal.last_error);
    return json::serialize(object) + "\n";
}

Result<Journal> parse_journal(std::string_view text) {
    try {
        const json::value value = json::parse({text.data(), text.size()});
        if (value.at("format").to_number<std::int64_t>() > format) {
            return std::unexpected(
                Error{Remedy::refused, "it was written by a newer hearth", "upgrade hearth"});
        }
        return read_journal(value.as_object());
    } catch (const std::exception&) {
        // What is wrong with it helps nobody, and its text may hold what it should not.
        return std::unexpected(Error{Remedy::failed, "it is damaged", ""});
    }
}

}  // namespace hearth::system
