import * as vscode from "vscode";
import { noticeText } from "./shownWords.ts";

/** The one way to notifications: whoever chose the words, nothing in them is a link or hides. */
export const notices = {
  inform: (message: string) => void vscode.window.showInformationMessage(noticeText(message)),
  warn: (message: string) => void vscode.window.showWarningMessage(noticeText(message)),
  fail: (message: string) => void vscode.window.showErrorMessage(noticeText(message)),
  /** Whether the user chose the action. */
  offers: async (message: string, action: string) =>
    (await vscode.window.showWarningMessage(noticeText(message), action)) === action,
  /** The same in a dialog that waits for an answer. */
  confirms: async (message: string, { detail, action }: { detail: string; action: string }) => {
    const options = { modal: true, detail: noticeText(detail) };
    return (await vscode.window.showWarningMessage(noticeText(message), options, action)) === action;
  },
} as const;
