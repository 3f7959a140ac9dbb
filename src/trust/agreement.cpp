#include "trust/agreement.hpp"

#include <algorithm>
#include <utility>

#include "json/document.hpp"
#include "json/object_writer.hpp"

namespace hearth::trust {
namespace {

constexpr std::int64_t format = 1;

Error damaged(std::string why) {
    return {Remedy::failed, "the record of trusted folders " + std::move(why), ""};
}

// A folder that a path can name, and a content that was not changed behind it.
bool sound(const json::Document& written) {
    const auto folder = written.text("folder");
    constexpr std::int64_t year_9999 = 253'402'300'799;
    const auto at = written.number("trusted_at");
    return folder.starts_with('/') && at && *at >= 0 && *at <= year_9999 &&
           written.text("sha256") == fingerprint(written.text("text"));
}

}  // namespace

std::string_view to_string(Standing standing) noexcept {
    switch (standing) {
        case Standing::trusted:
            return "trusted";
        case Standing::changed:
            return "changed";
        case Standing::unknown:
            return "unknown";
    }
    std::unreachable();
}

Result<Agreements> Agreements::parse(std::string_view text) {
    Agreements agreements;
    if (text.empty()) return agreements;
    const auto document = json::Document::parse(text);
    if (!document) return std::unexpected(damaged("is damaged"));
    if (document->number("format").value_or(0) > format)
        return std::unexpected(damaged("was written by a newer hearth"));
    for (const auto& written : document->objects("folders")) {
        if (!sound(written)) return std::unexpected(damaged("is damaged"));
        const auto at = written.number("trusted_at").value_or(0);
        agreements.add({.folder = written.text("folder"),
                        .text = written.text("text"),
                        .at = Instant(std::chrono::seconds(at))});
    }
    return agreements;
}

Secret Agreements::written() const {
    SecretBuilder folders;
    for (const auto& one : all_) {
        const auto at = std::chrono::floor<std::chrono::seconds>(one.at.time_since_epoch());
        folders.append(folders.size() == 0 ? "[\n" : ",\n");
        folders.append(json::ObjectWriter()
                           .text("folder", one.folder)
                           .text("sha256", fingerprint(one.text))
                           .number("trusted_at", at.count())
                           .text("text", one.text)
                           .take()
                           .reveal());
    }
    folders.append(folders.size() == 0 ? "[]" : "\n]");
    // A list is written by name as an object is.
    return json::ObjectWriter().number("format", format).object("folders", folders.take()).take();
}

const Agreement* Agreements::find(std::string_view folder) const noexcept {
    const auto found = std::ranges::lower_bound(all_, folder, {}, &Agreement::folder);
    return found == all_.end() || found->folder != folder ? nullptr : &*found;
}

Standing Agreements::standing(const Project& project) const noexcept {
    const auto* const agreed = find(project.folder);
    if (agreed == nullptr) return Standing::unknown;
    return agreed->text == project.text ? Standing::trusted : Standing::changed;
}

void Agreements::add(Agreement agreement) {
    const auto place = std::ranges::lower_bound(all_, agreement.folder, {}, &Agreement::folder);
    if (place != all_.end() && place->folder == agreement.folder) {
        *place = std::move(agreement);
    } else {
        all_.insert(place, std::move(agreement));
    }
}

bool Agreements::remove(std::string_view folder) {
    return std::erase_if(all_, [&](const auto& one) { return one.folder == folder; }) > 0;
}

}  // namespace hearth::trust
