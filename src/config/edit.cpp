#include "config/edit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/key_path.hpp"
#include "config/keys.hpp"
#include "config/settings.hpp"
#include "config/toml_document.hpp"
#include "config/toml_text.hpp"
#include "core/try.hpp"

namespace hearth::config {
namespace {

// The table that the names lead to; null when there is none.
toml::table* find_table(toml::table& root, const std::vector<std::string>& names) {
    toml::table* found = &root;
    for (const auto& name : names) {
        found = found == nullptr ? nullptr : (*found)[name].as_table();
    }
    return found;
}

// The same, made where it is missing; null where something else is in its place.
toml::table* make_table(toml::table& root, const std::vector<std::string>& names) {
    toml::table* found = &root;
    for (const auto& name : names) {
        found->insert(name, toml::table{});
        found = (*found)[name].as_table();
        if (found == nullptr) return nullptr;
    }
    return found;
}

// What a table holds beside tables with a header of their own ends with this line; its header's
// where it holds nothing.
std::size_t last_line(const toml::table& table) {
    std::size_t line = table.source().begin.line;
    for (const auto& [key, node] : table) {
        const bool own_header = node.is_table() && !node.as_table()->is_inline();
        if (!own_header) line = std::max<std::size_t>(line, node.source().end.line);
    }
    return line;
}

Error by_hand(std::string_view file) {
    return Error{Remedy::usage,
                 std::string(file) + " is written in a way that cannot be edited safely",
                 "change it by hand; [table] headers with a key on each line can be edited"};
}

// One edit of one text. `expected` goes through the same edit as a tree: the edited text has to
// parse to it.
class Editor {
  public:
    Editor(std::string_view text, std::string_view file, toml::table tree)
        : text_(text), file_(file), expected_(tree), tree_(std::move(tree)) {}

    Result<std::string> apply(const SetKey& edit) {
        const auto path = HEARTH_TRY(KeyPath::parse(edit.key));
        const auto value = typed(path.form, edit.value);
        HEARTH_CHECK(path.check(value));
        const auto tables = path.tables();
        if (!path.profile.empty() && find_table(tree_, {"profiles", path.profile}) == nullptr) {
            return std::unexpected(Error{Remedy::usage,
                                         "no profile is called '" + path.profile + "'",
                                         "hearth profile list"});
        }
        auto* target = make_table(expected_, tables);
        if (target == nullptr) return std::unexpected(by_hand(file_));
        assign(*target, path.name, value);
        return checked(set(tables, path.name, literal(value)));
    }

    Result<std::string> apply(const AddProfile& edit) {
        const auto name = HEARTH_TRY(Name::parse(edit.name));
        const std::vector<std::string> tables{"profiles", name.text()};
        if (find_table(tree_, tables) != nullptr) {
            return std::unexpected(Error{Remedy::usage,
                                         "there is a profile called '" + name.text() + "' already",
                                         "hearth profile remove " + name.text()});
        }
        auto* target = make_table(expected_, tables);
        if (target == nullptr) return std::unexpected(by_hand(file_));
        auto settings = edit.settings;
        settings.insert(settings.begin(), {"provider", edit.provider});
        return checked(with_profile(tables, HEARTH_TRY(gathered(name.text(), settings)), *target));
    }

    Result<std::string> apply(const RemoveProfile& edit) {
        const auto* profile = find_table(tree_, {"profiles", edit.name});
        if (profile == nullptr) {
            return std::unexpected(Error{Remedy::usage, "no profile is called '" + edit.name + "'",
                                         "hearth profile list"});
        }
        find_table(expected_, {"profiles"})->erase(edit.name);
        // From the last to the first, so that the lines before keep their numbers.
        std::vector<const toml::table*> tables{profile};
        if (const auto* inner = (*profile)[authorize_parameters].as_table()) {
            if (!inner->is_inline()) tables.push_back(inner);
        }
        std::ranges::sort(tables, std::ranges::greater(),
                          [](const auto* table) { return table->source().begin.line; });
        TomlText text(text_);
        for (const auto* table : tables) {
            // What dotted keys made has no header, and no lines of its own.
            if (!text.header_at(table->source().begin.line)) continue;
            text.remove_lines(table->source().begin.line, last_line(*table));
        }
        return checked(text.take());
    }

  private:
    struct Setting {
        KeyPath path;
        Value value;
    };

    static void assign(toml::table& table, const std::string& name, const Value& value) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            table.insert_or_assign(name, *text);
        } else if (const auto* number = std::get_if<double>(&value)) {
            if (is_whole(*number)) {
                table.insert_or_assign(name, static_cast<std::int64_t>(*number));
            } else {
                table.insert_or_assign(name, *number);
            }
        } else {
            toml::array array;
            for (const auto& word : std::get<std::vector<std::string>>(value))
                array.push_back(word);
            table.insert_or_assign(name, std::move(array));
        }
    }

    std::string set(const std::vector<std::string>& tables, const std::string& name,
                    const std::string& value) {
        TomlText text(text_);
        const std::string line = key_text(name) + " = " + value;
        const auto* table = find_table(tree_, tables);
        const auto* node = table == nullptr ? nullptr : table->get(name);
        if (node != nullptr) {
            text.replace({node->source().begin.line, node->source().begin.column},
                         {node->source().end.line, node->source().end.column}, value);
        } else if (table != nullptr && text.header_at(table->source().begin.line)) {
            text.insert_after(last_line(*table), line);
        } else {
            // Not there, or only as the parent of a table below it or through dotted keys.
            text.append_table(header_text(tables), {line});
        }
        return text.take();
    }

    // Lists that are given more than once grow.
    static Result<std::vector<Setting>> gathered(
        const std::string& profile, const std::vector<std::pair<std::string, std::string>>& given) {
        std::vector<Setting> settings;
        for (const auto& [key, text] : given) {
            const auto path = HEARTH_TRY(profile_key(profile, key));
            auto value = typed(path.form, text);
            const auto known = std::ranges::find_if(settings, [&](const Setting& one) {
                return one.path.name == path.name && one.path.section == path.section;
            });
            if (known == settings.end()) {
                HEARTH_CHECK(path.check(value));
                settings.push_back({path, std::move(value)});
                continue;
            }
            auto* list = std::get_if<std::vector<std::string>>(&known->value);
            if (list == nullptr) {
                return std::unexpected(Error{Remedy::usage, path.name + " is given twice", ""});
            }
            std::ranges::move(std::get<std::vector<std::string>>(value), std::back_inserter(*list));
            HEARTH_CHECK(path.check(known->value));
        }
        return settings;
    }

    std::string with_profile(const std::vector<std::string>& tables,
                             const std::vector<Setting>& settings, toml::table& target) {
        std::vector<std::string> own;
        std::vector<std::string> parameters;
        auto inner = tables;
        inner.emplace_back(authorize_parameters);
        for (const auto& [path, value] : settings) {
            const bool parameter = path.section == KeyPath::Section::authorize_parameter;
            (parameter ? parameters : own).push_back(key_text(path.name) + " = " + literal(value));
            assign(parameter ? *make_table(expected_, inner) : target, path.name, value);
        }
        TomlText text(text_);
        text.append_table(header_text(tables), own);
        if (!parameters.empty()) text.append_table(header_text(inner), parameters);
        return text.take();
    }

    // Nothing is written that does not read back as exactly what was asked for.
    Result<std::string> checked(std::string text) {
        const auto again = parse_toml(text, file_);
        if (!again || !same(*again, expected_)) return std::unexpected(by_hand(file_));
        HEARTH_CHECK(parse_settings(text, file_));
        return text;
    }

    // The last profile leaves an empty table behind, which is the same as none.
    static bool same(toml::table left, toml::table right) {
        for (auto* one : {&left, &right}) {
            const auto* profiles = (*one)["profiles"].as_table();
            if (profiles != nullptr && profiles->empty()) one->erase("profiles");
        }
        return left == right;
    }

    std::string text_;
    std::string_view file_;
    toml::table expected_;
    toml::table tree_;
};

}  // namespace

Result<std::string> edited(std::string_view text, std::string_view file, const Edit& edit) {
    Editor editor(text, file, HEARTH_TRY(parse_toml(text, file)));
    return std::visit([&](const auto& one) { return editor.apply(one); }, edit);
}

}  // namespace hearth::config
