#include "cli/import_report.hpp"

#include "cli/escape.hpp"
#include "cli/json_line.hpp"

namespace hearth::cli {
namespace {

using importing::Finding;

std::string described(const Finding& finding) {
    auto text = finding.what;
    if (!finding.account.empty()) text += " of " + finding.account;
    if (!finding.server.empty()) text += ", at " + finding.server;
    if (finding.expires_at) text += ", good until " + to_rfc3339(*finding.expires_at);
    return text;
}

std::string line_of(std::string_view what, const std::string& text) {
    return text.empty() ? text : "  " + std::string(what) + escaped(text) + "\n";
}

void text_or_null(JsonLine& line, std::string_view name, const std::string& text) {
    if (text.empty()) {
        line.json(name, "null");
    } else {
        line.text(name, text);
    }
}

// Within another one, and so without a line's end.
std::string object(const JsonLine& line) { return std::string(line.head()) + "}"; }

void append(std::string& list, const std::string& item) {
    list += (list.empty() ? "" : ",") + item;
}

std::string object_of(const Finding& finding) {
    JsonLine line;
    line.text("source", to_string(finding.tool)).text("path", finding.path);
    line.text("what", finding.what);
    text_or_null(line, "account", finding.account);
    text_or_null(line, "server", finding.server);
    text_or_null(line, "expires_at", finding.expires_at ? to_rfc3339(*finding.expires_at) : "");
    line.flag("importable", finding.offer.has_value());
    text_or_null(line, "profile", finding.name);
    text_or_null(line, "obstacle", finding.obstacle);
    text_or_null(line, "hint", finding.hint);
    text_or_null(line, "release", finding.release);
    std::string warnings;
    for (const auto& warning : finding.warnings) {
        JsonLine one;
        one.text("text", warning);
        append(warnings, object(one));
    }
    line.json("warnings", "[" + warnings + "]");
    return object(line);
}

std::string object_of(const Imported& imported) {
    JsonLine line;
    line.text("source", to_string(imported.finding->tool)).text("path", imported.finding->path);
    line.text("profile", imported.profile);
    if (imported.failure) {
        line.text("error", imported.failure->what);
        text_or_null(line, "hint", imported.failure->hint);
        return object(line);
    }
    text_or_null(line, "account", imported.account);
    text_or_null(line, "problem", imported.problem);
    text_or_null(line, "release", imported.finding->release);
    return object(line);
}

// Who else would renew with the same refresh token, and what to do about it.
std::string shared_with(const Finding& finding) {
    if (finding.release.empty()) return "";
    const std::string tool(to_string(finding.tool));
    return "ATTENTION: two programs now hold one refresh token: hearth, and " + tool + " in " +
           escaped(finding.path) +
           ".\nWhen both renew with it, the provider may take that for a theft and end the session "
           "for both.\nMake " +
           tool + " forget it before it renews next; hearth has changed nothing there:\n  " +
           escaped(finding.release) + "\n";
}

}  // namespace

std::string list_of(const std::vector<Finding>& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += std::string(to_string(finding.tool)) + ": " + escaped(finding.path) + "\n";
        text += line_of("", described(finding));
        text += finding.offer ? line_of("can become the profile ", finding.name)
                              : line_of("cannot be imported: ", finding.obstacle);
        text += line_of("hint: ", finding.hint);
        for (const auto& warning : finding.warnings) text += line_of("warning: ", warning);
        if (!finding.release.empty())
            text += line_of("warning: ",
                            "two programs would renew with one refresh token, until you make " +
                                std::string(to_string(finding.tool)) +
                                " forget it: " + finding.release);
    }
    return text;
}

std::string told(const Imported& imported) {
    if (imported.failure) return "";
    auto text = "Imported as the profile " + imported.profile;
    if (!imported.account.empty()) text += ", signed in as " + escaped(imported.account);
    text += ".\n";
    if (!imported.problem.empty())
        text += "It could not be renewed yet: " + escaped(imported.problem) + "\n";
    return text + shared_with(*imported.finding);
}

std::string json_of(const std::vector<Finding>& findings, const std::vector<Imported>& imported) {
    std::string found;
    std::string done;
    std::string failed;
    for (const auto& finding : findings) append(found, object_of(finding));
    for (const auto& one : imported) append(one.failure ? failed : done, object_of(one));
    JsonLine line;
    line.json("found", "[" + found + "]").json("imported", "[" + done + "]");
    line.json("failed", "[" + failed + "]");
    return object(line) + "\n";
}

}  // namespace hearth::cli
