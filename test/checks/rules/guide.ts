/** The ids of the checks in the guide by their severity; `F01` is LP-F01. */
export const GUIDE: Record<'error' | 'warning' | 'info', string[]> = {
  error: ids('F02 F03 F06 F10 F11 F15 F17 F18 F19 F22 F23 F24 F25 F26 F31 F33 F34 F36 F40 F42 F44 F45 F49 F52 F54 F55 F62 F63 F64 F66 F68 F76' +
    ' D01 D02 D03 D05 D07 D08 D09 D11 D12 D13 D15 D16 D17 D18 D21 D22 D23 D26 D32 H01 H02 H04 H05 H06 H07 H09 H10 H15 H16 H17 H18 H20' +
    ' H22 H24 P01 P02 P03 P06 P08 P10 P11 P14 P15 P17 P19 P20 P22 P23 P24 P25 P27 C01 C02 C03 C04 C08 C09 C10 C11 C17'),
  warning: ids('F01 F04 F05 F07 F09 F12 F13 F14 F16 F20 F21 F27 F29 F30 F32 F35 F37 F38 F39 F41 F46 F47 F48 F50 F51 F53 F56 F57 F59 F60 F61 F65' +
    ' F67 F69 F70 F72 F73 F74 F75 F77 D04 D06 D10 D14 D19 D20 D24 D25 D27 D28 D29 D30 D31 H03 H08 H11 H12 H13 H14 H19 H21 H23 H25 H26' +
    ' H27 H28 H29 H30 P04 P07 P09 P12 P13 P16 P18 P21 P26 P28 P29 C06 C12 C13 C15 C16'),
  info: ids('F08 F28 F43 F58 F71 D33 P05 P30 C05 C07 C14 C18'),
};

/** Checks for a fact that the guide could not verify, which are never errors. */
export const UNVERIFIED = ['LP-F76'];

function ids(list: string): string[] {
  return list.split(' ').map(id => `LP-${id}`);
}
