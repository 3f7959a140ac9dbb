#include "providers/aws/shared_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/try.hpp"
#include "providers/aws/section_name.hpp"

namespace hearth::providers::aws {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view comment_marks = "#;";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct Line {
    std::string_view text;
    std::size_t number = 0;
};

struct KeyAndValue {
    std::string_view key;
    std::string_view value;
};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string in_lower_case(std::string_view text) {
    std::string lowered(text);
    std::ranges::transform(lowered, lowered.begin(), lower);
    return lowered;
}

bool is_blank(char c) { return blanks.contains(c); }

// A value may hold comment marks, as a key of AWS does; only behind a blank they begin a comment.
std::string_view without_comment(std::string_view line) {
    for (auto mark = line.find_first_of(comment_marks); mark != std::string_view::npos;
         mark = line.find_first_of(comment_marks, mark + 1)) {
        if (mark == 0 || is_blank(line[mark - 1])) return line.substr(0, mark);
    }
    return line;
}

Value value_of(std::string_view key, std::string_view text, std::size_t line) {
    if (secret_key(key)) return {.text = {}, .secret = Secret(text), .line = line};
    return {.text = std::string(text), .secret = {}, .line = line};
}

class Parser {
  public:
    Parser(std::string path, SharedFileKind kind) : kind_(kind) { file_.path = std::move(path); }

    Result<SharedFile> parse(std::string_view text) {
        if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            ++line_;
            auto line = text.substr(0, end);
            if (line.ends_with('\r')) line.remove_suffix(1);
            HEARTH_CHECK(read(line));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        HEARTH_CHECK(finish_property());
        choose_default();
        return std::move(file_);
    }

  private:
    [[nodiscard]] std::unexpected<Error> wrong(std::size_t line, std::string_view what,
                                               std::string_view hint) const {
        return std::unexpected(
            Error{Remedy::usage, file_.path + ":" + std::to_string(line) + ": " + std::string(what),
                  std::string(hint)});
    }

    void note(std::size_t line, std::string_view what) {
        if (file_.notes.size() < most_notes)
            file_.notes.push_back(file_.path + ":" + std::to_string(line) + ": " +
                                  std::string(what));
    }

    Result<> read(std::string_view line) {
        if (line.contains('\0'))
            return wrong(line_, "this is not text: it holds a zero byte", "save the file as UTF-8");
        if (trimmed(line).empty() || comment_marks.contains(line.front())) return {};
        if (line.front() == '[') return read_section(line);
        if (is_blank(line.front())) return read_continuation(line);
        return read_property(line);
    }

    Result<> read_section(std::string_view line) {
        HEARTH_CHECK(finish_property());
        // No name holds a comment mark, so here it needs no blank before it.
        const auto head = trimmed(line.substr(0, line.find_first_of(comment_marks)));
        if (!head.ends_with(']'))
            return wrong(line_, "the bracket of this section is not closed",
                         kind_ == SharedFileKind::config
                             ? "a section is written [default] or [profile NAME]"
                             : "a section is written [NAME]");
        const auto name = section_name(trimmed(head.substr(1, head.size() - 2)), kind_);
        inside_ = true;
        section_ = section_for(name);
        if (section_ == nullptr) note(line_, name.ignored);
        return {};
    }

    Sections& sections_of(SectionKind kind) {
        if (kind == SectionKind::sso_session) return file_.sso_sessions;
        return kind == SectionKind::services ? file_.services : file_.profiles;
    }

    // Null where the section is passed over.
    Section* section_for(const SectionName& name) {
        if (!name.ignored.empty()) return nullptr;
        if (name.kind == SectionKind::unprefixed_default) {
            if (!default_) default_ = Section{.line = line_, .properties = {}};
            return &*default_;
        }
        const auto [found, fresh] = sections_of(name.kind).try_emplace(std::string(name.name));
        if (fresh) found->second.line = line_;
        return &found->second;
    }

    Result<> read_property(std::string_view line) {
        HEARTH_CHECK(finish_property());
        if (!inside_) return outside();
        const auto parsed = HEARTH_TRY(divided(without_comment(line), line_));
        property_ = parsed;
        property_line_ = line_;
        return {};
    }

    [[nodiscard]] std::unexpected<Error> outside() const {
        return wrong(line_, "this line stands before any section",
                     "put it below a section such as [default]");
    }

    [[nodiscard]] Result<KeyAndValue> divided(std::string_view line, std::size_t number) const {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos)
            return wrong(number, "this line has no '='",
                         "a setting is written KEY = VALUE, and a comment begins with # or ;");
        const auto key = trimmed(line.substr(0, equals));
        if (key.empty())
            return wrong(number, "there is no name before the '='",
                         "a setting is written KEY = VALUE");
        return KeyAndValue{.key = key, .value = trimmed(line.substr(equals + 1))};
    }

    Result<> read_continuation(std::string_view line) {
        if (!inside_) return outside();
        if (!property_)
            return wrong(line_, "this line is indented, and there is no setting above to continue",
                         "write it without the blank at its beginning");
        continuation_.push_back({.text = trimmed(line), .number = line_});
        return {};
    }

    // A property is complete when something else begins.
    Result<> finish_property() {
        const auto finished = std::exchange(property_, std::nullopt);
        if (!finished) return {};
        const auto [name, value] = *finished;
        const auto lines = std::exchange(continuation_, {});
        Property property;
        const auto key = in_lower_case(name);
        if (value.empty()) {
            property.value = value_of(key, value, property_line_);
            HEARTH_CHECK(read_parts(property, lines));
        } else {
            property.value = joined(key, value, lines);
        }
        if (section_ == nullptr) return {};
        if (!shared_name(name)) {
            note(property_line_,
                 "a setting is ignored: its name has a character that none can have");
            return {};
        }
        section_->properties.insert_or_assign(key, std::move(property));
        return {};
    }

    Result<> read_parts(Property& property, const std::vector<Line>& lines) const {
        for (const auto& line : lines) {
            const auto [name, value] = HEARTH_TRY(divided(line.text, line.number));
            const auto key = in_lower_case(name);
            property.parts.insert_or_assign(key, value_of(key, value, line.number));
        }
        return {};
    }

    [[nodiscard]] Value joined(std::string_view key, std::string_view first,
                               const std::vector<Line>& lines) const {
        if (lines.empty()) return value_of(key, first, property_line_);
        SecretBuilder whole;
        whole.append(first);
        for (const auto& line : lines) whole.append("\n").append(line.text);
        return value_of(key, whole.reveal(), property_line_);
    }

    // [profile default] is the one that counts where both are there.
    void choose_default() {
        auto section = std::exchange(default_, std::nullopt);
        if (!section) return;
        if (kind_ == SharedFileKind::config && file_.profiles.contains("default")) {
            note(section->line,
                 "section [default] is ignored: there is a [profile default] as well");
            return;
        }
        file_.profiles.emplace("default", *std::move(section));
    }

    SharedFileKind kind_;
    SharedFile file_;
    std::optional<Section> default_;
    std::size_t line_ = 0;
    bool inside_ = false;
    Section* section_ = nullptr;  // Null before the first one, and in one that is passed over.
    std::optional<KeyAndValue> property_;
    std::size_t property_line_ = 0;
    std::vector<Line> continuation_;
};

}  // namespace

bool secret_key(std::string_view key) noexcept {
    return key.contains("secret") || key.contains("password") || key.ends_with("_token");
}

bool shared_name(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_/.%@:+").contains(c);
    });
}

Result<SharedFile> parse_shared_file(std::string_view text, std::string path, SharedFileKind kind) {
    if (text.size() > largest_shared_file)
        return std::unexpected(Error{Remedy::usage, path + " is larger than 10 MiB",
                                     "take out what is no profile of yours"});
    return Parser(std::move(path), kind).parse(text);
}

}  // namespace hearth::providers::aws
